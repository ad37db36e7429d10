import { isRefused } from '@7pay/refusals';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aNewDevice } from '../support/app-login.ts';
import {
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

// July 2019: whoever had an address and a password that leaked elsewhere logged in on their own phone, topped up
// from the victim's card and paid. One factor opened everything, on any device.
const PASSWORD = 'reused-at-another-shop-2018';
const MAIL = 'victim@example.com';
const NO_WALLET = 'no-wallet-yet@example.com';
let under: PlatformUnderTest;
let stolen: Stolen;
beforeAll(async () => {
  under = await platformUnderTest('password_alone');
  const [memberId] = await Promise.all([MAIL, NO_WALLET].map(register));
  const victim = await under.mint.member(memberId!);
  await under.graph.ask(
    'mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }',
    {},
    victim,
  );
});
afterAll(() => under.stop());

const register = async (mail: string): Promise<string> => {
  const person = { mail, displayName: '被害者', password: PASSWORD };
  const registered = await under.platform.identity.registerMember(person);
  if (isRefused(registered)) throw new Error('the victim can register');
  return registered.memberId;
};
/** What somebody with the address and the password gets, on a device that was never seen. */
const logIn = async (mail: string, scope?: string): Promise<Stolen> => {
  const device = await aNewDevice(under, scope);
  const page = await device.open();
  const back = await device.browser.submit(page, '/login', { mail, password: PASSWORD });
  return { device, token: (await device.redeem(back.url)).access_token };
};
interface Stolen {
  readonly device: Awaited<ReturnType<typeof aNewDevice>>;
  readonly token: string;
}
type Result = { result: { __typename: string; acr?: string } };
const ask = async (query: string, { device, token } = stolen) =>
  (await device.ask<Result>(token, query)).data.result;

describe('the right password alone on a new device', () => {
  it('is a login of the weakest kind', async () => {
    stolen = await logIn(MAIL);
    expect(decodeJwt(stolen.token)).toMatchObject({ acr: 'urn:7id:acr:1', amr: ['pwd'] });
  });

  it('shows no code to pay or to top up with', async () => {
    expect(
      await ask(
        'mutation { result: issuePaymentCode { __typename ... on StepUpRequired { acr } } }',
      ),
    ).toEqual({ __typename: 'StepUpRequired', acr: 'urn:7id:acr:2' });
    const codes = under.platform.connection.collection('wallet_codes');
    expect(await codes.countDocuments({ memberId: decodeJwt(stolen.token).sub })).toBe(0);
  });

  it('opens no wallet and moves no balance out', async () => {
    expect(
      await ask(
        'mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename ... on StepUpRequired { acr } } }',
        await logIn(NO_WALLET),
      ),
    ).toMatchObject({ __typename: 'StepUpRequired' });
    expect(
      await ask(
        'mutation { result: claimBalanceRefund(input: { claimId: "mine-now", payoutMethod: BANK_TRANSFER }) { __typename ... on StepUpRequired { acr } } }',
      ),
    ).toMatchObject({ __typename: 'StepUpRequired' });
  });

  it('shows no balance, by opening the wallet again either', async () => {
    const read = await stolen.device.ask(stolen.token, '{ wallet { balance } }');
    expect(read.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(
      await ask(
        'mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename ... on WalletOpened { wallet { balance payments { nodes { id } } } } ... on StepUpRequired { acr } } }',
      ),
    ).toEqual({ __typename: 'StepUpRequired', acr: 'urn:7id:acr:2' });
  });

  it('adds nothing by which it would be more: no passkey, no app, no telephone', async () => {
    const thief = await logIn(MAIL, 'openid profile account');
    const memberId = decodeJwt(thief.token).sub;
    const app = 'mutation { result: beginMyAuthenticatorApp { __typename } }';
    expect(await ask(app, thief)).toEqual({ __typename: 'StepUpRequired' });
    for (const contact of [
      'channel: SMS, address: "090-9999-0000"',
      'channel: MAIL, address: "thief@example.com"',
    ]) {
      const add = `mutation { result: addMyContact(input: { ${contact} }) { __typename } }`;
      expect(await ask(add, thief)).toEqual({ __typename: 'StepUpRequired' });
    }
    const { device } = thief;
    const page = await device.stepUp();
    expect(page.text).toContain('v***@example.com');
    for (const action of ['enrol', 'first-app']) {
      const forged = page.text.replace(/action="([^"]*)\/mail"/, `action="$1/${action}"`);
      const refused = await device.browser.submit({ ...page, text: forged }, `/${action}`, {
        credential: '{}',
      });
      expect(refused.status).toBe(400);
    }
    const { connection } = under.platform;
    const passkeys = connection.collection('identity_passkeys');
    expect(await passkeys.countDocuments({ memberId })).toBe(0);
    const contacts = await connection.collection('identity_contacts').find({ memberId }).toArray();
    expect(contacts.map(({ address }) => address as string)).toEqual([MAIL]);
  });

  it('guessed wrong is answered in the same words for every address', async () => {
    const answers: (string | undefined)[] = [];
    for (const mail of [MAIL, 'nobody@example.com']) {
      const device = await aNewDevice(under);
      const page = await device.open();
      const wrong = await device.browser.submit(page, '/login', { mail, password: 'wrong-guess' });
      expect(wrong.url).not.toContain('/wallet/callback');
      answers.push(/role="alert"[^>]*>([\s\S]*?)</.exec(wrong.text)?.[1]);
    }
    expect(answers[0]).toMatch(/\S/);
    expect(answers[1]).toBe(answers[0]);
  });
});

describe('a code that was seen over a shoulder', () => {
  it('pays once, at one store, and the second presentation says so', async () => {
    const member = await aMemberWith(under, 2_000);
    const code = await member.code();
    const names: string[] = [];
    for (const [index, store] of under.stores.entries()) {
      const { data } = await under.graph.ask<{ result: { __typename: string } }>(
        PAY,
        { input: { merchantPaymentId: `shoulder-${index}`, code, amount: 300 } },
        store.token,
      );
      names.push(data.result.__typename);
    }
    expect(names).toEqual(['PaymentAccepted', 'CodeUsed']);
    expect(await member.balance()).toBe(1_700);
  });
});
