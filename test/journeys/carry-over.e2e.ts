import { randomIds } from '@7pay/ids';
import { eventually } from '@7pay/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContactStore } from '../../identity/src/contact/contact.store.ts';
import { anAuthenticator } from '../../identity/src/testing/authenticator.ts';
import {
  aBrowser,
  type Browser,
  type Page,
  passkeyOptionsOf,
} from '../../identity/src/testing/browser.ts';
import { aNewDevice } from '../support/app-login.ts';
import {
  aMember as aWalletOf,
  aMemberWith,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

// July 2019: external login was stopped, and members who had nothing else stood before another account with no money in it.
const SWITCH = 'login.external.kumo';
let under: PlatformUnderTest;
let operators: string[];
beforeAll(async () => {
  under = await platformUnderTest('carry_over');
  operators = await Promise.all([1, 2].map(() => under.mint.operator(randomIds.next('mem'))));
});
afterAll(() => under.stop());

/** A person who comes by their external ID alone, tops up, and has a mail address that was verified. */
async function aMember(person: string, yen: number, mail: string) {
  const device = await aNewDevice(under);
  const start = await device.open();
  const people = await device.browser.go(`${start.url}/external/kumo`);
  const first = await device.browser.submit(people, new URL(people.url).pathname, { person });
  const back = await device.browser.submit(first, '/register', { displayName: '森 静香' });
  const { access_token: token } = await device.redeem(back.url);
  const memberId = String(decodeJwt(token).sub);
  const contacts = openContactStore(under.platform.connection);
  const contact = { memberId, channel: 'mail', address: mail } as const;
  await contacts.add({ ...contact, addedAt: new Date() });
  await contacts.verify(contact, new Date());
  const member = await aMemberWith(under, yen, memberId);
  return { memberId, member, person };
}
const page = (browser: Browser) => browser.go(`${under.platform.urls.identity}/carry-over`);
async function byExternalId(browser: Browser, person: string): Promise<Page> {
  const link = /href="([^"]*\/auth\?[^"]*)"/.exec((await page(browser)).text)?.[1] ?? '';
  const login = await browser.go(link.replaceAll('&amp;', '&'));
  const people = await browser.go(`${login.url}/external/kumo`);
  return browser.submit(people, new URL(people.url).pathname, { person });
}
async function registerPasskey(browser: Browser, at: Page) {
  const authenticator = anAuthenticator(under.platform.urls.identity);
  const credential = authenticator.create(passkeyOptionsOf(at, '/passkey'));
  return { authenticator, done: await browser.submit(at, '/passkey', { credential }) };
}
/** Logs in by the passkey on a new device, as the app does, and reads the wallet with the token that comes of it. */
async function walletBy(authenticator: ReturnType<typeof anAuthenticator>) {
  const device = await aNewDevice(under);
  const start = await device.open();
  const credential = authenticator.get(passkeyOptionsOf(start, '/passkey'));
  const back = await device.browser.submit(start, '/passkey', { credential });
  const { access_token: token } = await device.redeem(back.url);
  const { data } = await device.ask<{
    me: { id: string };
    wallet: { id: string; balance: number };
  }>(token, '{ me { id } wallet { id balance } }');
  return { memberId: data.me.id, walletId: data.wallet.id, balance: data.wallet.balance };
}
/** Whether the wallet has done what it does for an account that was reclaimed. */
const walletHeard = async (memberId: string) => {
  const { connection } = under.platform;
  const name = 'identity.account.reclaimed.v1';
  const event = await connection
    .collection<{ _id: string }>('events_outbox')
    .findOne({ name, 'body.memberId': memberId });
  const _id = `wallet|${event?._id}`;
  return (await connection.collection<{ _id: string }>('events_inbox').findOne({ _id })) !== null;
};
const codeFor = async (address: string) => {
  let code = '';
  await eventually(async () => {
    const [mail] = under.platform.messageCarrier.inbox(address).slice(-1);
    code = /\d{6}/.exec(mail?.text ?? '')?.[0] ?? '';
    return code !== '';
  });
  return code;
};
const flip = async (mutation: 'closeSwitch' | 'openSwitch', token: string) => {
  const why = mutation === 'closeSwitch' ? ', reasonJa: "調査", reasonEn: "test"' : '';
  await under.graph.ask(
    `mutation { ${mutation}(input: { key: "${SWITCH}"${why} }) { __typename } }`,
    {},
    token,
  );
};
const stopKumo = async () => {
  await flip('closeSwitch', operators[0]!);
  await eventually(async () => (await page(aBrowser())).text.includes('停止中'));
};

describe('a member who had an external ID alone', () => {
  it('sees the same wallet with the same balance by a passkey of their own', async () => {
    const { memberId, member, person } = await aMember('kumo-001', 12_000, 'mori@example.com');
    const browser = aBrowser();
    const { authenticator } = await registerPasskey(browser, await byExternalId(browser, person));
    const own = { memberId, walletId: member.walletId, balance: 12_000 };
    expect(await walletBy(authenticator)).toEqual(own);
    await stopKumo();
    expect(await walletBy(authenticator)).toEqual(own);
    await flip('openSwitch', operators[0]!);
    await flip('openSwitch', operators[1]!);
    await eventually(async () => !(await page(aBrowser())).text.includes('停止中'));
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // a login of the second of the reopening is one from before
  });

  it('sees it too when the provider is stopped on the way, by the contact that they verified', async () => {
    const { memberId, member, person } = await aMember('kumo-002', 7_000, 'li@example.com');
    const browser = aBrowser();
    const begun = await byExternalId(browser, person);
    await stopKumo();
    const { done } = await registerPasskey(browser, begun);
    expect(done.text).toContain('停止中');
    const asked = await browser.submit(done, '/code', {
      address: 'li@example.com',
      provider: 'kumo',
    });
    const code = await codeFor('li@example.com');
    const proven = await browser.submit(asked, '/proof', { code });
    expect(proven.text).toContain('森 静香さん');
    const { authenticator } = await registerPasskey(browser, proven);
    expect(await walletBy(authenticator)).toEqual({
      memberId,
      walletId: member.walletId,
      balance: 7_000,
    });
  });
});

describe('an account that somebody opened with the address of another', () => {
  it.each([
    ['with money in it is frozen until an operator lifts it', 5_000, 'FROZEN'],
    ['without money goes on', 0, 'OPEN'],
  ])('%s', async (_, yen, state) => {
    const mail = `owner-${yen}@example.com`;
    const attacker = await aNewDevice(under);
    const start = await attacker.open();
    const person = { mail, displayName: 'だれか', password: 'kaki-no-ki-no-shita' };
    // Made before registering asked for a code: nobody has proven the address.
    await under.platform.identity.registerMember(person);
    await under.platform.connection.collection('identity_contacts').deleteMany({ address: mail });
    const back = await attacker.browser.submit(start, '/login', person);
    const memberId = String(decodeJwt((await attacker.redeem(back.url)).access_token).sub);
    const member = await (yen > 0 ? aMemberWith(under, yen, memberId) : aWalletOf(under, memberId));

    const browser = aBrowser();
    const asked = await browser.submit(await page(browser), '/claim', { address: mail });
    const proven = await browser.submit(asked, '/proof', { code: await codeFor(mail) });
    const { authenticator } = await registerPasskey(browser, proven);
    const own = { memberId, walletId: member.walletId, balance: yen };
    expect(await walletBy(authenticator)).toEqual(own);
    const token = await under.mint.member(memberId);
    const read = async () =>
      (await under.graph.ask<{ wallet: { state: string } }>('{ wallet { state } }', {}, token)).data
        .wallet.state;
    await eventually(() => walletHeard(memberId));
    expect(await read()).toBe(state);
  });
});
