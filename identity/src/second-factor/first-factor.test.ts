import { fixedClock } from '@7pay/time';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAuthenticator } from '../testing/authenticator.ts';
import { codeSentTo, confirmByMail, enrol, firstPasskey } from '../testing/first-passkey.ts';
import type { Page } from '../testing/browser.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const STRONGER = { acr_values: 'urn:7id:acr:2' };
const clock = fixedClock(new Date());
let running: RunningIdentity;
let app: App;
let members = 0;
beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());

/** Whose address was vouched for at registration, unless it is one of before addresses were proven. */
async function aMember({ isProven = true } = {}) {
  const mail = `first-${(members += 1)}@example.jp`;
  const made = await running.identity.registerMember({
    mail,
    displayName: 'はな',
    password: PASSWORD,
  });
  if (!('memberId' in made)) throw new Error('no member');
  if (!isProven) {
    const contacts = running.connection.collection('identity_contacts');
    expect((await contacts.deleteMany({ memberId: made.memberId })).deletedCount).toBe(1);
  }
  return { mail, memberId: made.memberId };
}
/** A form that the page does not show, as somebody would send it who knows its address. */
const forged = (page: Page, action: string): Page => ({
  ...page,
  text: page.text.replace(/action="([^"]*)\/mail"/, `action="$1/${action}"`),
});
const passkeysOf = (memberId: string) =>
  running.connection.collection('identity_passkeys').countDocuments({ memberId });

describe('whoever has a password from a list', () => {
  it('is shown no passkey to register, and who forges the form registers none', async () => {
    const { mail, memberId } = await aMember();
    const { browser, back } = await logIn(app, { mail }, STRONGER);
    expect(back.text).toContain('パスキーの登録');
    expect(back.text).not.toContain('/enrol');
    expect(back.text).not.toContain(mail);
    expect(back.text).toContain('f***@example.jp');
    const refused = await browser.submit(forged(back, 'enrol'), '/enrol', { credential: '{}' });
    expect(refused.status).toBe(400);
    expect(await passkeysOf(memberId)).toBe(0);
  });

  it('does not pass by the ceremony of somebody who has shown the code', async () => {
    const { mail, memberId } = await aMember();
    const owner = await logIn(app, { mail }, STRONGER);
    const page = await confirmByMail(running, { browser: owner.browser, page: owner.back, mail });
    const thief = await logIn(app, { mail }, STRONGER);
    const authenticator = anAuthenticator(running.issuer);
    const there = { ...forged(thief.back, 'enrol') };
    const options = { ...there, text: there.text + page.text };
    const refused = await enrol(thief.browser, options, authenticator).catch(() => undefined);
    expect(refused?.url ?? '').not.toContain('code=');
    expect(await passkeysOf(memberId)).toBe(0);
  });

  it('sends the code to the member and nowhere else, whatever the form names', async () => {
    const { mail } = await aMember();
    const { browser, back } = await logIn(app, { mail }, STRONGER);
    const before = running.carrier.delivered().length;
    await browser.submit(back, '/mail', { mail: 'evil@example.jp', to: 'evil@example.jp' });
    expect(
      running.carrier
        .delivered()
        .slice(before)
        .map(({ to }) => to),
    ).toEqual([mail]);
  });

  it('guesses five codes at most', async () => {
    const { mail } = await aMember();
    const { browser, back } = await logIn(app, { mail }, STRONGER);
    let page = await browser.submit(back, '/mail', {});
    const right = codeSentTo(running, mail);
    for (let n = 0; n < 5; n += 1) {
      page = await browser.submit(page, '/mail-code', {
        code: right === '000000' ? '1' : '000000',
      });
      expect(page.status).toBe(400);
    }
    const late = await browser.submit(page, '/mail-code', { code: right });
    expect(late.text).toContain('コードを確認できませんでした');
    expect(late.text).not.toContain('/enrol');
  });
});

describe('a member without a second factor', () => {
  it('shows the code, and registers the first passkey by the same login', async () => {
    const { mail, memberId } = await aMember();
    const { browser, request, back } = await logIn(app, { mail }, STRONGER);
    const authenticator = anAuthenticator(running.issuer);
    const done = await firstPasskey(running, { browser, page: back, mail, authenticator });
    const { access_token: token } = await request.redeem(done);
    expect(decodeJwt(token)).toMatchObject({
      acr: 'urn:7id:acr:3',
      amr: ['pwd', 'mail', 'pop', 'hwk', 'user'],
    });
    expect(await passkeysOf(memberId)).toBe(1);
  });

  it('registers an authenticator app instead, and goes on by a recovery code', async () => {
    const { mail, memberId } = await aMember();
    const { browser, request, back } = await logIn(app, { mail }, STRONGER);
    const early = await browser.submit(forged(back, 'first-app'), '/first-app', {});
    expect(early.text).toContain('連絡先に届くコード');
    const page = await confirmByMail(running, { browser, page: back, mail });
    const setUp = await browser.submit(page, '/first-app', {});
    const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(setUp.text)?.[1]?.replaceAll(' ', '') ?? '';
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const wrong = await browser.submit(setUp, '/first-app-code', { code: '000000' });
    expect(wrong.status).toBe(400);
    expect(wrong.text).not.toContain(secret.slice(0, 4));
    const code = totp.generate({ timestamp: clock.now().getTime() });
    const made = await browser.submit(wrong, '/first-app-code', { code });
    const recovery = [...made.text.matchAll(/<code>([^<]+)<\/code>/g)].map(
      ([, each]) => each ?? '',
    );
    expect(recovery).toHaveLength(10);
    const done = await browser.submit(made, '/code', { code: recovery[3] ?? '' });
    const { access_token: token } = await request.redeem(done);
    expect(decodeJwt(token)).toMatchObject({
      acr: 'urn:7id:acr:2',
      amr: ['pwd', 'mail', 'recovery'],
    });
    const factors = running.connection.collection<{ _id: string }>('identity_second_factors');
    expect(await factors.countDocuments({ _id: memberId })).toBe(1);
  });

  it('is offered no app where only a passkey is enough', async () => {
    const { mail } = await aMember();
    const { browser, back } = await logIn(app, { mail }, { acr_values: 'urn:7id:acr:3' });
    const page = await confirmByMail(running, { browser, page: back, mail });
    expect(page.text).toContain('/enrol"');
    expect(page.text).not.toContain('/first-app"');
  });

  it('is no further with the code alone: it is worth no money', async () => {
    const { mail } = await aMember();
    const { browser, back } = await logIn(app, { mail }, STRONGER);
    const page = await confirmByMail(running, { browser, page: back, mail });
    expect(page.url).not.toContain('code=');
    const weak = await app.request();
    const { access_token: token } = await weak.redeem(await browser.go(weak.url));
    expect(decodeJwt(token)).toMatchObject({ acr: 'urn:7id:acr:1', amr: ['pwd', 'mail'] });
  });

  it('whose address was never proven is reached at the one they log in by', async () => {
    const { mail } = await aMember({ isProven: false });
    const { browser, back } = await logIn(app, { mail }, STRONGER);
    const authenticator = anAuthenticator(running.issuer);
    const done = await firstPasskey(running, { browser, page: back, mail, authenticator });
    expect(done.url).toContain('code=');
  });

  it('logs in again when the login is older than five minutes', async () => {
    const { mail } = await aMember();
    const { browser, back } = await logIn(app, { mail }, STRONGER);
    clock.advance(6 * 60_000);
    const late = await browser.submit(back, '/mail', {});
    expect(late.text).toContain('もう一度ログインしてください');
    expect(running.carrier.inbox(mail)).toEqual([]);
  });

  it('with a passkey has no use for such a code', async () => {
    const { mail } = await aMember();
    const first = await logIn(app, { mail }, STRONGER);
    const authenticator = anAuthenticator(running.issuer);
    const at = { browser: first.browser, page: first.back, mail, authenticator };
    await firstPasskey(running, at);
    const { browser, back } = await logIn(app, { mail }, STRONGER);
    const before = running.carrier.inbox(mail).length;
    const asked = { ...back, text: back.text.replace('/passkey"', '/mail"') };
    const refused = await browser.submit(asked, '/mail', {});
    expect(refused.status).toBe(400);
    expect(running.carrier.inbox(mail)).toHaveLength(before);
  });
});
