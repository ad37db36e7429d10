import type {
  PublicKeyCredentialCreationOptionsJSON as CreationOptions,
  PublicKeyCredentialRequestOptionsJSON as RequestOptions,
} from '@simplewebauthn/server';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openContactStore } from '../contact/contact.store.ts';
import { openSecondFactorStore } from '../second-factor/second-factor.store.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Browser, type Page, passkeyOptionsOf } from '../testing/browser.ts';
import {
  type ExternalLogins,
  isLoginPage,
  runWithExternalIds,
} from '../testing/external-logins.ts';
import { choose } from '../testing/linked-ids.ts';
import { APPS, logIn, PASSWORD } from '../testing/running-identity.ts';
import { CARRY_OVER_LIMITS, type Leaver, judgeCarryOver } from './carry-over.ts';

const SWITCH = 'login.external.kumo';
const NEW_PASSWORD = 'seven red lanterns at the pier';
let external: ExternalLogins;
let running: ExternalLogins['running'];
let serial = 9_000;
let person = '';
let mail = '';

beforeAll(async () => {
  external = await runWithExternalIds();
  ({ running } = external);
});
afterAll(() => external.stop());
beforeEach(() => {
  running.controls.open(SWITCH);
  person = `kumo-${(serial += 1)}`;
  mail = `leaver-${serial}@example.jp`;
  external.people.push({ sub: person, name: 'くも はるか' });
});

/** A member who has nothing but their external ID, and the contacts that were verified. */
async function aMember(contacts: readonly { channel: 'mail' | 'sms'; address: string }[] = []) {
  const { access_token: token } = await (await external.logInAs(person)).redeem();
  const memberId = String(decodeJwt(token).sub);
  for (const contact of contacts) await verify(memberId, contact);
  return memberId;
}
async function verify(memberId: string, contact: { channel: 'mail' | 'sms'; address: string }) {
  const store = openContactStore(running.connection);
  await store.add({ memberId, ...contact, addedAt: new Date() });
  await store.verify({ memberId, ...contact }, new Date());
}
const page = (browser: Browser) => browser.go(`${running.issuer}/carry-over`);
/** To the page by the external ID, which still works. */
async function byExternalId(browser: Browser) {
  const link = /href="([^"]*\/auth\?[^"]*)"/.exec((await page(browser)).text)?.[1] ?? '';
  const login = await browser.go(link.replaceAll('&amp;', '&'));
  return choose(browser, await browser.go(`${login.url}/external/kumo`), person);
}
const sent = () => running.carrier.delivered();
const codeFor = (address: string) =>
  vi.waitFor(() => {
    const text = sent().findLast(({ to }) => to === address)?.text ?? '';
    return /\d{6}/.exec(text)?.[0] ?? expect.fail(`nothing was sent to ${address}`);
  });
const typeIn = async (browser: Browser, address: string, provider = 'kumo') =>
  browser.submit(await page(browser), '/code', { address, provider });
/** To the page by a contact, because the provider is stopped. */
async function byContact(browser: Browser, address: string, to = address) {
  const asked = await typeIn(browser, address);
  return browser.submit(asked, '/proof', { code: await codeFor(to) });
}
async function register(browser: Browser, at: Page) {
  const authenticator = anAuthenticator(running.issuer);
  const credential = authenticator.create(passkeyOptionsOf<CreationOptions>(at, '/passkey'));
  return { authenticator, done: await browser.submit(at, '/passkey', { credential }) };
}
/** Whom the passkey logs in, in a browser that was never here. */
async function whoIs(authenticator: ReturnType<typeof anAuthenticator>) {
  const browser = aBrowser({ leaveAt: APPS });
  const request = await external.app.request({ scope: 'openid profile wallet' });
  const start = await browser.go(request.url);
  const options = passkeyOptionsOf<RequestOptions>(start, '/passkey');
  const back = await browser.submit(start, '/passkey', { credential: authenticator.get(options) });
  return decodeJwt((await request.redeem(back)).access_token).sub;
}

describe('a member with an external ID alone', () => {
  it('sets a passkey by a fresh login while the provider works, and stays the same member', async () => {
    const memberId = await aMember();
    const browser = aBrowser({ leaveAt: APPS });
    const { authenticator, done } = await register(browser, await byExternalId(browser));
    expect(done.text).toContain('設定しました');
    running.controls.close(SWITCH);
    expect(await whoIs(authenticator)).toBe(memberId);
  });

  it('sets a password with a mail address that was verified; every login before it ends', async () => {
    const memberId = await aMember([{ channel: 'mail', address: mail }]);
    const browser = aBrowser({ leaveAt: APPS });
    const at = await byExternalId(browser);
    expect(at.text).toContain(`ログインIDは ${mail}`);
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // logins are told apart by seconds
    const done = await browser.submit(at, '/password', { password: NEW_PASSWORD });
    expect(done.text).toContain('設定しました');
    expect(isLoginPage(await browser.go(`${running.issuer}/linked`))).toBe(true);
    const { redeem } = await logIn(external.app, { mail, password: NEW_PASSWORD });
    expect(decodeJwt((await redeem()).access_token).sub).toBe(memberId);
    expect(
      sent()
        .filter(({ to }) => to === mail)
        .map(({ subject }) => subject),
    ).toEqual(['7iD パスワードが設定されました']);
  });

  it('confirms a mail address first when none was, and logs in with it', async () => {
    const memberId = await aMember();
    const browser = aBrowser({ leaveAt: APPS });
    const noted = await browser.submit(await byExternalId(browser), '/mail', { mail });
    expect(noted.text).not.toContain('/carry-over/password');
    const wrong = await browser.submit(noted, '/mail-code', { code: 'no code' });
    expect(wrong.text).toContain('確認できませんでした');
    const at = await browser.submit(wrong, '/mail-code', { code: await codeFor(mail) });
    await browser.submit(at, '/password', { password: NEW_PASSWORD });
    const { redeem } = await logIn(external.app, { mail, password: NEW_PASSWORD });
    expect(decodeJwt((await redeem()).access_token).sub).toBe(memberId);
  });

  it('takes no login ID of another member', async () => {
    await running.identity.registerMember({ mail, displayName: 'は', password: PASSWORD });
    await aMember([{ channel: 'mail', address: mail }]);
    const browser = aBrowser({ leaveAt: APPS });
    const at = await byExternalId(browser);
    const refused = await browser.submit(at, '/password', { password: NEW_PASSWORD });
    expect(refused.text).toContain('別の7iDのログインID');
  });

  it.each([
    ['mail', () => mail, () => mail],
    ['sms', () => '090-1234-' + serial, () => '+819012349' + String(serial).slice(1)],
  ] as const)(
    'sets a passkey by a code to a verified contact when the provider is stopped: %s',
    async (channel, typed, address) => {
      const memberId = await aMember([{ channel, address: address() }]);
      running.controls.close(SWITCH);
      const browser = aBrowser({ leaveAt: APPS });
      const at = await byContact(browser, typed(), address());
      expect(at.text).toContain('くも はるかさん');
      expect(await whoIs((await register(browser, at)).authenticator)).toBe(memberId);
      // What was proven is used up.
      expect((await page(browser)).text).toContain('コードを送る');
    },
  );

  it('goes on by a contact when the provider is stopped on the way', async () => {
    const memberId = await aMember([{ channel: 'mail', address: mail }]);
    const browser = aBrowser({ leaveAt: APPS });
    const at = await byExternalId(browser);
    running.controls.close(SWITCH);
    const { done } = await register(browser, at);
    expect(done.text).toContain('停止中です');
    const again = await byContact(browser, mail);
    expect(await whoIs((await register(browser, again)).authenticator)).toBe(memberId);
  });
});

describe('a contact is a proof', () => {
  it('for nobody whose provider works', async () => {
    await aMember([{ channel: 'mail', address: mail }]);
    running.controls.close('login.external.nami');
    const before = sent().length;
    const browser = aBrowser({ leaveAt: APPS });
    expect((await typeIn(browser, mail)).text).toContain('一致する場合は');
    expect((await typeIn(browser, mail, 'nami')).text).toContain('一致する場合は');
    running.controls.open('login.external.nami');
    expect(sent()).toHaveLength(before);
  });

  it('five times in an hour for one account, however many contacts it has', async () => {
    const addresses = [1, 2, 3].map((n) => `contact-${n}-${mail}`);
    await aMember(addresses.map((address) => ({ channel: 'mail', address })));
    const other = `other-${mail}`;
    external.people.push({ sub: `${person}-other`, name: 'ほか' });
    running.controls.close(SWITCH);
    const to = (wanted: readonly string[]) => sent().filter((one) => wanted.includes(one.to));
    const browser = aBrowser({ leaveAt: APPS });
    for (const address of [...addresses, ...addresses, ...addresses]) {
      expect((await typeIn(browser, address)).text).toContain('一致する場合は');
    }
    await vi.waitFor(() => expect(to(addresses)).toHaveLength(CARRY_OVER_LIMITS.perAccountHour));
    // Another account is sent its code, and by then nothing more has come to the first.
    running.controls.open(SWITCH);
    person = `${person}-other`;
    await aMember([{ channel: 'mail', address: other }]);
    running.controls.close(SWITCH);
    await typeIn(browser, other);
    await codeFor(other);
    expect(to(addresses)).toHaveLength(CARRY_OVER_LIMITS.perAccountHour);
  });

  it('for nobody who has a password or passkey, and for no address of several members', async () => {
    const made = await running.identity.registerMember({
      mail,
      displayName: 'は',
      password: PASSWORD,
    });
    const shared = `shared-${serial}@example.jp`;
    for (const each of [person, `kumo-${(serial += 1)}`]) {
      person = each;
      external.people.push({ sub: each, name: 'くも' });
      await aMember([{ channel: 'mail', address: shared }]);
    }
    expect(made).toHaveProperty('memberId');
    running.controls.close(SWITCH);
    const before = sent().length;
    const browser = aBrowser({ leaveAt: APPS });
    const pages = [];
    for (const address of [mail, shared, 'nobody-at-all@example.jp']) {
      pages.push(bare(await typeIn(browser, address)));
    }
    expect(new Set(pages).size).toBe(1);
    expect(sent()).toHaveLength(before);
  });

  it('in the browser that asked, by the code that was sent, and five tries of it', async () => {
    await aMember([{ channel: 'mail', address: mail }]);
    running.controls.close(SWITCH);
    const browser = aBrowser({ leaveAt: APPS });
    let at = await typeIn(browser, mail);
    const code = await codeFor(mail);
    const thief = aBrowser({ leaveAt: APPS });
    const stolen = await thief.submit(await typeIn(thief, 'nobody@example.jp'), '/proof', { code });
    expect(stolen.status).toBe(400);
    const wrong = code === '000000' ? '111111' : '000000';
    for (let tries = 0; tries < 5; tries += 1)
      at = await browser.submit(at, '/proof', { code: wrong });
    expect((await browser.submit(at, '/proof', { code })).text).toContain('確認できませんでした');
  });

  it('of no member with a second factor, unless it is that', async () => {
    const telephone = { channel: 'sms', address: `+81801111${serial}` } as const;
    await aMember([{ channel: 'mail', address: mail }, telephone]);
    running.controls.close(SWITCH);
    const browser = aBrowser({ leaveAt: APPS });
    const at = await byContact(browser, mail);
    expect(at.text).toContain('登録済みの方法で本人確認をしてください');
    expect(at.text).not.toContain('/carry-over/passkey');
  });

  it('of no member with an authenticator app, whose telephone alone leads past nothing', async () => {
    const address = `+81802222${serial}`;
    const memberId = await aMember([{ channel: 'sms', address }]);
    const factors = openSecondFactorStore(running.connection);
    await factors.begin(memberId, { sealed: 'sealed', addedAt: new Date() });
    await factors.confirm(memberId, { sealed: 'sealed', step: 1, recovery: [], at: new Date() });
    running.controls.close(SWITCH);
    const at = await byContact(aBrowser({ leaveAt: APPS }), address);
    expect(at.text).toContain('登録済みの方法で本人確認をしてください');
    expect(at.text).not.toContain('/carry-over/passkey');
  });

  const bare = ({ text }: Page) =>
    text.replace(/name="form" value="[^"]*"|code_challenge=[\w-]+/g, '');
});

describe('who may set their first way in', () => {
  const leaver: Leaver = {
    isLocked: false,
    hasPassword: false,
    passkeys: 0,
    secondFactor: null,
  };
  it.each<[string, Leaver, string[], string | undefined]>([
    ['who has none', leaver, ['fed:kumo'], undefined],
    [
      'nobody who is locked, by whatever proof',
      { ...leaver, isLocked: true },
      ['fed:kumo', 'otp'],
      'CARRY_OVER_OVER',
    ],
    ['nobody with a password', { ...leaver, hasPassword: true }, ['fed:kumo'], 'ALREADY_NATIVE'],
    ['nobody with a passkey', { ...leaver, passkeys: 1 }, ['phone'], 'ALREADY_NATIVE'],
    [
      'nobody past a telephone',
      { ...leaver, secondFactor: 'TELEPHONE' },
      ['mail'],
      'SECOND_FACTOR_REQUIRED',
    ],
    ['who shows it', { ...leaver, secondFactor: 'TELEPHONE' }, ['phone'], undefined],
    [
      'nobody past an app, by a telephone',
      { ...leaver, secondFactor: 'APP' },
      ['phone'],
      'SECOND_FACTOR_REQUIRED',
    ],
    ['who shows the app', { ...leaver, secondFactor: 'APP' }, ['fed:kumo', 'otp'], undefined],
  ])('%s', (_, facts, amr, refused) => {
    expect(judgeCarryOver(facts, amr)?.refused).toBe(refused);
  });
});
