import { randomIds } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAccount } from '../account/open-account.ts';
import { openAudit } from '../audit/audit.store.ts';
import { enrol } from '../testing/first-passkey.ts';
import { anAuthenticator } from '../testing/authenticator.ts';
import { aBrowser, type Page } from '../testing/browser.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const clock = fixedClock(new Date());
const STRONGER = { acr_values: 'urn:7id:acr:2' };
const STRONGEST = { acr_values: 'urn:7id:acr:3' };
let running: RunningIdentity;
let app: App;
let account: ReturnType<typeof openAccount>;
let members = 0;

beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
  const { credentialSecrets, messageCarrier } = running.settings;
  account = openAccount({
    connection: running.connection,
    settings: { credentialSecrets, messageCarrier },
    audit: openAudit(running.connection, { clock, ids: randomIds }),
    clock,
    ids: randomIds,
    log: silentLog,
  });
});
afterAll(() => running.stop());
beforeEach(() => clock.advance(60 * 60_000));

async function aMember() {
  const mail = `factor-${(members += 1)}@example.jp`;
  const made = await running.identity.registerMember({
    mail,
    displayName: 'みずき',
    password: PASSWORD,
  });
  if (isRefused(made)) throw new Error(made.refused);
  return { mail, memberId: made.memberId };
}
async function withApp() {
  const person = await aMember();
  const { secret } = await account.useCases.app.begin(person.memberId, person.mail);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = () => totp.generate({ timestamp: clock.now().getTime() });
  const recovery = await account.useCases.app.confirm(person.memberId, code());
  if (isRefused(recovery)) throw new Error(recovery.refused);
  clock.advance(30_000);
  return { person, code, recovery };
}
async function withTelephone(channel: 'sms' | 'mail' = 'sms') {
  const person = await aMember();
  const number = `+8190${String(10_000_000 + members)}`;
  const address = channel === 'sms' ? number : `second-${person.mail}`;
  const contact = { memberId: person.memberId, channel, address };
  await account.contacts.add({ ...contact, addedAt: clock.now() });
  await account.contacts.verify(contact, clock.now());
  return { person, address };
}
const sentTo = (address: string) => running.carrier.inbox(address);
const codeSentTo = (address: string) => /\d{6}/.exec(sentTo(address)[0]?.text ?? '')?.[0] ?? '';
/** A form that the page does not show, as somebody would send it who knows its address. */
const forged = (page: Page, action: string): Page => ({
  ...page,
  text: page.text.replace(/action="([^"]*)\/abort"/, `action="$1/${action}"`),
});

describe('a member with an authenticator app', () => {
  it('confirms a password by a code, once, and keeps what was shown before', async () => {
    const { person, code } = await withApp();
    const { browser, back, request } = await logIn(app, person, STRONGER);
    expect(back.text).toContain('本人確認');
    expect(back.text).not.toContain('/enrol');
    const wrong = await browser.submit(back, '/code', { code: '000000' });
    expect(wrong.status).toBe(400);
    const used = code();
    const done = await browser.submit(wrong, '/code', { code: used });
    const { access_token: token } = await request.redeem(done);
    expect(decodeJwt(token)).toMatchObject({ acr: 'urn:7id:acr:2', amr: ['pwd', 'otp'] });
    const again = await logIn(app, person, STRONGER);
    expect((await again.browser.submit(again.back, '/code', { code: used })).status).toBe(400);
  });

  it('confirms by a recovery code where the telephone is lost', async () => {
    const { person, recovery } = await withApp();
    const { browser, back, request } = await logIn(app, person, STRONGER);
    const done = await browser.submit(back, '/code', { code: recovery[0] ?? '' });
    const { access_token: token } = await request.redeem(done);
    expect(decodeJwt(token)).toMatchObject({ acr: 'urn:7id:acr:2', amr: ['pwd', 'recovery'] });
  });

  it('needs a passkey for the strongest proof, and the code before the first one is added', async () => {
    const { person, code } = await withApp();
    const { browser, back, request } = await logIn(app, person, STRONGEST);
    const stolen = await browser.submit(forged(back, 'enrol'), '/enrol', { credential: '{}' });
    expect(stolen.status).toBe(400);
    const next = await browser.submit(back, '/code', { code: code() });
    expect(next.text).toContain('パスキーの登録');
    expect(next.text).not.toMatch(/action="[^"]*\/code"/);
    const done = await enrol(browser, next, anAuthenticator(running.issuer));
    const { access_token: token } = await request.redeem(done);
    expect(decodeJwt(token)).toMatchObject({
      acr: 'urn:7id:acr:3',
      amr: ['pwd', 'otp', 'pop', 'hwk', 'user'],
    });
  });

  it('is not logged in by a code where the password is asked for again', async () => {
    const { person, code } = await withApp();
    const { browser } = await logIn(app, person);
    const page = await browser.go((await app.request({ ...STRONGER, prompt: 'login' })).url);
    const refused = await browser.submit(forged(page, 'code'), '/code', { code: code() });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('もう一度ログインしてください');
    const nobody = aBrowser();
    const start = await nobody.go((await app.request(STRONGER)).url);
    expect((await nobody.submit(forged(start, 'code'), '/code', { code: code() })).status).toBe(
      400,
    );
  });
});

describe('a member with a telephone', () => {
  it('confirms by a code that goes there alone, whatever the form says', async () => {
    const { person, address } = await withTelephone();
    const { browser, back, request } = await logIn(app, person, STRONGER);
    expect(back.text).not.toContain(address);
    const before = running.carrier.delivered().length;
    const asked = await browser.submit(back, '/sms', {
      to: '+819099999999',
      address: 'x@evil.example',
    });
    expect(running.carrier.delivered()).toHaveLength(before + 1);
    expect(sentTo(address)).toHaveLength(1);
    const wrong = await browser.submit(asked, '/sms-code', { code: '' });
    expect(wrong.status).toBe(400);
    const done = await browser.submit(wrong, '/sms-code', { code: codeSentTo(address) });
    const { access_token: token } = await request.redeem(done);
    expect(decodeJwt(token)).toMatchObject({ acr: 'urn:7id:acr:2', amr: ['pwd', 'sms'] });
  });

  it('is sent five at most in an hour, and told so', async () => {
    const { person, address } = await withTelephone();
    const { browser, back } = await logIn(app, person, STRONGER);
    let page = back;
    for (let n = 0; n < 6; n += 1) page = await browser.submit(page, '/sms');
    expect(page.text).toContain('送れる回数を超えました');
    expect(sentTo(address)).toHaveLength(5);
  });
});

describe('a member with mail alone', () => {
  it('has no second factor: nothing is sent, and a first passkey is asked for', async () => {
    const { person, address } = await withTelephone('mail');
    const { browser, back } = await logIn(app, person, STRONGER);
    expect(back.text).toContain('パスキーの登録');
    expect((await browser.submit(forged(back, 'sms'), '/sms')).status).toBe(400);
    expect(sentTo(address)).toHaveLength(0);
  });
});

describe('a login by an external ID', () => {
  it('keeps the name of its provider when it is confirmed', async () => {
    const { person, code } = await withApp();
    const login = { memberId: person.memberId, amr: ['fed:kumo'] };
    expect(await account.confirmLogin.byCode(login, code())).toMatchObject({
      acr: 'urn:7id:acr:2',
      amr: ['fed:kumo', 'otp'],
    });
  });
});
