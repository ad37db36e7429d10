import { openEvents } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMemberWith,
  CANCEL,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
let member: Member;
let other: Member;
let operator: string;
beforeAll(async () => {
  under = await platformUnderTest('subscriptions');
  member = await aMemberWith(under, 10_000);
  other = await aMemberWith(under, 1_000);
  operator = await under.mint.operator('mem_operator');
});
afterAll(() => under.stop());

const WAIT = `subscription Wait($id: String!) { inquiry: paymentChanged(merchantPaymentId: $id) { outcome refusalCode payment { amount state store { name } } } }`;
const MINE = `subscription Mine { payment: myPaymentChanged { id amount state store { name } merchant { name } } }`;
const SWITCH = `subscription Switch($key: ID) { switch: switchChanged(key: $key) { key state reasonEn changedBy { id } } }`;
const CLOSE = `mutation($input: CloseSwitchInput!) { result: closeSwitch(input: $input) { __typename } }`;

interface Told {
  inquiry: { outcome: string; refusalCode: string | null; payment: { amount: number } | null };
  payment: { id: string; amount: number; state: string; store: { name: string } } | null;
  switch: { key: string; state: string; reasonEn: string | null; changedBy: unknown };
}
const subscribe = (
  query: string,
  variables: Record<string, unknown>,
  options: Parameters<typeof openEvents>[2] = {},
) => openEvents<Told>(`${under.platform.urls.gateway}/graphql`, { query, variables }, options);
const store = (index = 0) => under.stores[index]!;
const pay = async (merchantPaymentId: string, amount: number) => {
  const input = { merchantPaymentId, amount, code: await member.code() };
  await under.graph.ask(PAY, { input }, store().token);
};

describe('a terminal that waits', () => {
  it('is told that its payment was accepted, and later that it was cancelled, without asking', async () => {
    const waiting = await subscribe(WAIT, { id: 'sub-1' }, { token: store().token });
    expect(await waiting.answer()).toEqual({ data: { inquiry: null } });
    await pay('sub-1', 500);
    expect(await waiting.answer()).toEqual({
      data: {
        inquiry: {
          outcome: 'ACCEPTED',
          refusalCode: null,
          payment: { amount: 500, state: 'ACCEPTED', store: { name: store().name } },
        },
      },
    });
    await under.graph.ask(CANCEL, { input: { merchantPaymentId: 'sub-1' } }, store().token);
    expect((await waiting.answer()).data.inquiry.outcome).toBe('CANCELLED');
    waiting.close();
  });

  it('that comes after the payment is told at once, refusals included', async () => {
    await pay('sub-2', 90_000);
    const late = await subscribe(WAIT, { id: 'sub-2' }, { token: store().token });
    expect((await late.answer()).data.inquiry).toMatchObject({
      outcome: 'REFUSED',
      refusalCode: 'INSUFFICIENT_BALANCE',
    });
    late.close();
  });

  it('that was away is told what it missed', async () => {
    const waiting = await subscribe(WAIT, { id: 'sub-3' }, { token: store().token });
    const { id = '' } = await waiting.next();
    waiting.close();
    await pay('sub-3', 100);
    const input = { merchantPaymentId: 'sub-3' };
    await under.graph.ask(CANCEL, { input }, store().token);
    const again = await subscribe(WAIT, { id: 'sub-3' }, { token: store().token, lastEventId: id });
    expect((await again.answer()).data.inquiry.outcome).toBe('ACCEPTED');
    expect((await again.answer()).data.inquiry.outcome).toBe('CANCELLED');
    again.close();
  });

  it('of another merchant sees nothing of it under the same number', async () => {
    const [theirs, here] = await Promise.all([
      subscribe(WAIT, { id: 'sub-4' }, { token: store(1).token }),
      subscribe(WAIT, { id: 'sub-4' }, { token: store().token }),
    ]);
    expect((await theirs.answer()).data.inquiry).toBeNull();
    await pay('sub-4', 100);
    await here.answer();
    expect((await here.answer()).data.inquiry.outcome).toBe('ACCEPTED');
    // It is told of its own number alone: what it pays there itself is the first that comes.
    const input = { merchantPaymentId: 'sub-4' };
    await under.graph.ask(CANCEL, { input }, store(1).token);
    const isSameMerchant = store().merchantId === store(1).merchantId;
    expect((await theirs.answer()).data.inquiry.outcome).toBe(
      isSameMerchant ? 'ACCEPTED' : 'NEVER_CHARGED',
    );
    theirs.close();
    here.close();
  });
});

describe('a member', () => {
  it('is told of their own payments, with shop and merchant, and another member is not', async () => {
    const [mine, theirs] = await Promise.all([
      subscribe(MINE, {}, { token: member.token }),
      subscribe(MINE, {}, { token: other.token }),
    ]);
    expect((await theirs.answer()).data.payment).toBeNull();
    await mine.answer();
    await pay('sub-5', 300);
    expect((await mine.answer()).data.payment).toMatchObject({
      amount: 300,
      state: 'ACCEPTED',
      store: { name: store().name },
      merchant: { name: expect.any(String) },
    });
    // The first that the other one is told is what they pay themselves, after it.
    const input = { merchantPaymentId: 'sub-5-other', code: await other.code(), amount: 100 };
    await under.graph.ask(PAY, { input }, store().token);
    expect((await theirs.answer()).data.payment).toMatchObject({ amount: 100, state: 'ACCEPTED' });
    theirs.close();
    mine.close();
  });

  it.each([
    ['nobody', undefined, MINE, 'UNAUTHENTICATED'],
    ['a terminal', 'terminal', MINE, 'FORBIDDEN'],
    ['a member at the number of a terminal', 'member', WAIT, 'FORBIDDEN'],
    ['a member by password alone', 'weak', MINE, 'FORBIDDEN'],
  ])('is not spied on: %s is refused', async (_, who, query, code) => {
    const token =
      who === 'terminal'
        ? store().token
        : who === 'weak'
          ? await under.mint.member(member.memberId, { acr: 'urn:7id:acr:1' })
          : who && member.token;
    const refused = await subscribe(query, { id: 'sub-1' }, token ? { token } : {});
    const { data, errors } = await refused.answer();
    expect([data ?? null, errors?.[0]?.extensions.code]).toEqual([null, code]);
    expect(await refused.next()).toMatchObject({ event: 'complete' });
  });

  it('whose token does not hold is refused before anything is opened', async () => {
    const expired = await under.mint.member(member.memberId, { exp: 1_000_000_000 });
    const refused = await subscribe(MINE, {}, { token: expired });
    expect([refused.status, (await refused.json()).errors?.[0]?.extensions.code]).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });
});

describe('the public stream of a switch', () => {
  it('tells everybody when an operator flips it, and who did so to operators alone', async () => {
    const key = 'merchant.onboarding';
    const [open, privileged] = await Promise.all([
      subscribe(SWITCH, { key }),
      subscribe(SWITCH, { key }, { token: operator }),
    ]);
    expect((await open.answer()).data.switch.state).toBe('OPEN');
    await privileged.answer();
    const input = { key, reasonJa: '試験', reasonEn: 'a test' };
    await under.graph.ask(CLOSE, { input }, operator);
    expect((await open.answer()).data.switch).toEqual({
      key,
      state: 'CLOSED',
      reasonEn: 'a test',
      changedBy: null,
    });
    expect((await privileged.answer()).data.switch.changedBy).not.toBeNull();
    open.close();
    privileged.close();
  });

  it('without a key begins with the whole register', async () => {
    const all = await subscribe(SWITCH, {});
    const first = (await all.answer()).data.switch;
    expect(first.key).toMatch(/^[a-z.-]+$/);
    all.close();
  });
});
