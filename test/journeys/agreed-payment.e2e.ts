import { sealAgreedMember } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import { verifyBooks } from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAuthenticator } from '../../identity/src/testing/authenticator.ts';
import { aBrowser } from '../../identity/src/testing/browser.ts';
import { firstPasskey } from '../../identity/src/testing/first-passkey.ts';
import { type Graph, graphAt } from '../support/graph.ts';
import {
  aMemberWith,
  CANCEL,
  INQUIRE,
  type Member,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

const PASSWORD = 'kaki-no-ki-no-shita';
const REDIRECT = 'http://localhost:4101/callback';
const PAY = `mutation($input: PayAsAgreedInput!) { result: payAsAgreed(input: $input) { __typename ... on PaidAsAgreed { id paymentId merchantPaymentId amount } ... on PaymentNotAsAgreed { differs } ... on Refusal { code message } } }`;
interface Result {
  readonly __typename: string;
  readonly code?: string;
  readonly differs?: string;
  readonly id?: string;
  readonly merchantPaymentId?: string;
}

let under: PlatformUnderTest;
let graph: Graph;
let partner: oidc.Configuration;
let count = 0;
beforeAll(async () => {
  under = await platformUnderTest('agreed-payment');
  graph = graphAt(under.platform.urls.gateway);
  partner = await oidc.discovery(
    new URL(under.platform.urls.identity),
    'partner-flowers',
    undefined,
    oidc.ClientSecretBasic(under.partnerSecret),
    { execute: [oidc.allowInsecureRequests] },
  );
});
afterAll(async () => {
  const books = await verifyBooks(under.platform.connection);
  await under.stop();
  expect(books.faults).toEqual([]);
});

/** A member of 7iD with money, and a browser that is logged in with a passkey once it was asked for. */
async function somebody(yen: number) {
  const mail = `agrees-${(count += 1)}@example.com`;
  const made = await under.platform.identity.registerMember({
    mail,
    displayName: 'みつき',
    password: PASSWORD,
  });
  if (isRefused(made)) throw new Error(made.refused);
  const member = await aMemberWith(under, yen, made.memberId);
  return { mail, member, browser: aBrowser({ leaveAt: REDIRECT }) };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

const detail = (paymentId: string, value: number, merchantId = under.stores[0]!.merchantId) => ({
  type: 'payment_initiation',
  amount: { currency: 'JPY', value },
  payee: { merchantId, name: '花屋はなみずき' },
  paymentId,
});

/** From the partner's pushed request over login and consent to its token. */
async function agree({ mail, browser }: Somebody, agreed: object, more: object = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const url = await oidc.buildAuthorizationUrlWithPAR(partner, {
    redirect_uri: REDIRECT,
    scope: 'openid wallet',
    acr_values: 'urn:7id:acr:2',
    authorization_details: JSON.stringify([agreed]),
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    ...more,
  });
  let page = await browser.go(url);
  if (page.text.includes('current-password')) {
    page = await browser.submit(page, '/login', { mail, password: PASSWORD });
  }
  if (page.text.includes('パスキーの登録')) {
    const authenticator = anAuthenticator(under.platform.urls.identity);
    const carrier = under.platform.messageCarrier;
    page = await firstPasskey({ carrier }, { browser, page, mail, authenticator });
  }
  const consent = page.text;
  const back = await browser.submit(page, '/consent');
  const tokens = await oidc.authorizationCodeGrant(partner, new URL(back.url), {
    pkceCodeVerifier,
    expectedState,
  });
  return { consent, token: tokens.access_token };
}
const pay = async (token: string, amount: number, storeId = under.stores[0]!.id) =>
  (await graph.ask<{ result: Result }>(PAY, { input: { storeId, amount } }, token)).data.result;
const entriesOf = ({ walletId }: Member) =>
  under.platform.connection
    .collection('ledger_journal')
    .countDocuments({ places: { $regex: walletId } });

describe('a payment that a member agreed to at 7iD', () => {
  it('is made by the partner, and found by the terminals of the merchant', async () => {
    const person = await somebody(3_000);
    const { consent, token } = await agree(person, detail('flowers-0001', 1_280));
    expect(consent).toContain('「花屋はなみずき」への1,280円の支払い（1回だけ）');
    const paid = await pay(token, 1_280);
    expect(paid).toMatchObject({
      __typename: 'PaidAsAgreed',
      paymentId: 'flowers-0001',
      amount: 1_280,
    });
    expect(await person.member.balance()).toBe(1_720);
    const { data } = await graph.ask<{ inquiry: unknown }>(
      INQUIRE,
      { id: paid.merchantPaymentId },
      under.stores[0]!.token,
    );
    expect(data.inquiry).toMatchObject({ outcome: 'ACCEPTED', payment: { id: paid.id } });
  });

  it('tells the partner nothing of who the member is', async () => {
    const person = await somebody(1_000);
    const { token } = await agree(person, detail('flowers-0002', 100));
    const { memberId, walletId } = person.member;
    const paid = await pay(token, 100);
    const told = JSON.stringify([decodeJwt(token), paid]);
    for (const secret of [memberId, walletId, person.mail]) expect(told).not.toContain(secret);
  });

  it('is made once: the same again gets the first answer, also by a token of another agreement to it', async () => {
    const person = await somebody(3_000);
    const { token } = await agree(person, detail('flowers-0003', 500));
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay(token, 500)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const again = await agree(person, detail('flowers-0003', 500));
    expect(await pay(again.token, 500)).toEqual(answers[0]);
    expect(await person.member.balance()).toBe(2_500);
  });

  it('is no other payment: amount, merchant and number are as agreed, or nothing is written', async () => {
    const person = await somebody(3_000);
    const { token } = await agree(person, detail('flowers-0004', 500));
    const before = await entriesOf(person.member);
    expect(before).toBeGreaterThan(0);
    for (const amount of [499, 501, 1]) {
      expect(await pay(token, amount)).toMatchObject({
        code: 'PAYMENT_NOT_AS_AGREED',
        differs: 'AMOUNT',
      });
    }
    const elsewhere = under.stores.find(
      ({ merchantId }) => merchantId !== under.stores[0]!.merchantId,
    )!;
    expect(await pay(token, 500, elsewhere.id)).toMatchObject({
      code: 'PAYMENT_NOT_AS_AGREED',
      differs: 'MERCHANT',
    });
    expect(await pay(token, 500, 'sto_none')).toMatchObject({ code: 'STORE_NOT_SELLING' });
    expect(await entriesOf(person.member)).toBe(before);
    await pay(token, 500);
    expect(await pay(token, 501)).toMatchObject({ code: 'PAYMENT_NOT_AS_AGREED' });
    const other = await agree(person, detail('flowers-0004', 700));
    expect(await pay(other.token, 700)).toMatchObject({ code: 'PAYMENT_ID_REUSED' });
    const stranger = await somebody(1_000);
    const theirs = await agree(stranger, detail('flowers-0004', 500));
    expect(await pay(theirs.token, 500)).toMatchObject({ code: 'PAYMENT_ID_REUSED' });
    expect(await person.member.balance()).toBe(2_500);
    expect(await stranger.member.balance()).toBe(1_000);
  });

  it('that the wallet does not pay is declined without a reason, and may be tried again', async () => {
    const person = await somebody(1_000);
    const { token } = await agree(person, detail('flowers-0005', 1_001));
    const declined = await pay(token, 1_001);
    expect(declined.code).toBe('PAYMENT_DECLINED');
    expect(JSON.stringify(declined)).not.toMatch(/残高|円|INSUFFICIENT/);
    await aMemberWith(under, 1_000, person.member.memberId);
    expect((await pay(token, 1_001)).__typename).toBe('PaidAsAgreed');
  });

  it('that the merchant cancelled is not told to stand, when it is asked for again', async () => {
    const person = await somebody(1_000);
    const { token } = await agree(person, detail('flowers-0009', 300));
    const { merchantPaymentId } = await pay(token, 300);
    await graph.ask(CANCEL, { input: { merchantPaymentId } }, under.stores[0]!.token);
    expect((await pay(token, 300)).code).toBe('PAYMENT_CANCELLED_EARLIER');
    expect(await person.member.balance()).toBe(1_000);
  });

  it('needs a second factor, as all money does', async () => {
    const person = await somebody(1_000);
    const { token } = await agree(person, detail('flowers-0006', 100), {
      acr_values: 'urn:7id:acr:1',
    });
    expect(await pay(token, 100)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
  });

  it('stops with its switch, and an answer that was given is given again', async () => {
    const person = await somebody(1_000);
    const first = await agree(person, detail('flowers-0007', 100));
    const paid = await pay(first.token, 100);
    const next = await agree(person, detail('flowers-0008', 100));
    const operator = await under.mint.operator(randomIds.next('mem'));
    const closed = await graph.ask<{ result: Result }>(
      `mutation { result: closeSwitch(input: { key: "payment.agreed", reasonJa: "確認中", reasonEn: "Under review" }) { __typename } }`,
      {},
      operator,
    );
    expect(closed.data.result.__typename).toBe('SwitchClosed');
    expect((await pay(next.token, 100)).code).toBe('FUNCTION_CLOSED');
    expect(await pay(first.token, 100)).toEqual(paid);
  });
});

describe('a token for one payment', () => {
  const codes = async (query: string, token: string) =>
    (await graph.ask(query, {}, token)).errors?.map(({ extensions }) => extensions.code);

  it('opens nothing else, of money or of the member', async () => {
    const person = await somebody(1_000);
    const { token } = await agree(person, detail('flowers-0009', 100));
    for (const query of [
      '{ wallet { balance } }',
      '{ payment(id: "pay_none") { id } }',
      'mutation { issuePaymentCode { __typename } }',
      'mutation { payByStoreCode(input: { requestId: "r", storeId: "sto_none", amount: 100 }) { __typename } }',
      'mutation { freezeMyWallet { __typename } }',
    ]) {
      expect([query, await codes(query, token)]).toEqual([query, ['FORBIDDEN']]);
    }
    expect((await graph.ask('{ me { id } }', {}, token)).data).toEqual({ me: null });
  });

  const forged = async (change: (one: object) => object) => {
    const one = detail('flowers-0010', 100);
    return under.mint.member('mem_1', {
      client_id: 'partner-flowers',
      authorization_details: [one],
      agreed_by: await sealAgreedMember('mem_1', under.agreementSecret),
      ...change(one),
    });
  };

  it('that names all of it is one, which is no token for the wallet', async () => {
    const token = await forged(() => ({}));
    expect(await codes('{ wallet { balance } }', token)).toEqual(['FORBIDDEN']);
  });

  it.each([
    ['nobody who agreed', () => ({ agreed_by: undefined })],
    ['somebody in the clear', () => ({ agreed_by: 'mem_1' })],
    ['two payments', (one: object) => ({ authorization_details: [one, one] })],
    [
      'another currency',
      (one: object) => ({
        authorization_details: [{ ...one, amount: { currency: 'USD', value: 1 } }],
      }),
    ],
    ['something else', () => ({ authorization_details: [{ type: 'account_information' }] })],
  ])('that names %s is none', async (_, change: (one: object) => object) => {
    const token = await forged(change);
    expect(await codes('{ wallet { balance } }', token)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('a member’s own token', () => {
  it('makes no payment by agreement', async () => {
    const { member } = await somebody(1_000);
    const answer = await graph.ask(
      PAY,
      { input: { storeId: under.stores[0]!.id, amount: 100 } },
      member.token,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
