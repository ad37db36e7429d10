import { fixedClock } from '@7pay/time';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser, type Page } from '../testing/browser.ts';
import {
  anApp,
  type App,
  APPS,
  GRAPH,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
let app: App;
const member = (mail: string) =>
  running.identity.registerMember({ mail, displayName: 'はな', password: PASSWORD });

beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
  await member('hana@example.jp');
});
afterAll(() => running.stop());
beforeEach(() => clock.advance(60_000)); // everybody here is in one network: its budget is full again

// What a person sees, without the random parts.
const seen = ({ status, text }: Page) => ({
  status,
  text: text
    .replace(/data-options="[^"]*"/g, '')
    .replace(/interaction\/[\w-]+/g, '')
    .replace(/name="form" value="[^"]*"/g, '')
    .replace(/value="[^"@]*@[^"]*"/g, ''),
});

describe('logging in by password', () => {
  it('gives an app of the group tokens for the graph without a consent page', async () => {
    const scope = 'openid profile offline_access wallet points operations';
    const { redeem } = await logIn(app, { mail: 'hana@example.jp' }, { scope });
    const tokens = await redeem();
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({
      alg: 'ES256',
      typ: 'at+jwt',
    });
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({
      iss: running.issuer,
      aud: GRAPH,
      client_id: 'seven-eleven-app',
      scope: 'wallet points', // operations is not for this app
      acr: 'urn:7id:acr:1',
      amr: ['pwd'],
      auth_time: Math.floor(clock.now().getTime() / 1_000),
      gen: running.controls.generation,
      locale: 'ja',
    });
    expect(claims.sub).toMatch(/^mem_/);
    expect(claims['sid']).toEqual(expect.any(String));
    expect(claims['roles']).toBeUndefined();
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
    expect(tokens.claims()).toMatchObject({ sub: claims.sub, acr: 'urn:7id:acr:1', name: 'はな' });
    expect(tokens.refresh_token).toEqual(expect.any(String));
  });

  it.each(['HANA@example.jp', ' hana@EXAMPLE.jp ', 'ｈａｎａ@example.jp'])(
    'knows the member by %j',
    async (mail) => {
      const { back } = await logIn(app, { mail });
      expect(back.url).toContain(`${APPS}wallet/callback?code=`);
    },
  );

  it('answers an unknown address and a wrong password with the same page', async () => {
    const wrong = await logIn(app, { mail: 'hana@example.jp', password: 'not the right password' });
    const unknown = await logIn(app, {
      mail: 'nobody@example.jp',
      password: 'not the right password',
    });
    const noMail = await logIn(app, { mail: 'no address', password: 'not the right password' });
    expect(wrong.back.status).toBe(400);
    expect(wrong.back.text).toContain('ログインできませんでした');
    expect(seen(unknown.back)).toEqual(seen(wrong.back));
    expect(seen(noMail.back).status).toBe(400);
  });

  it('locks an account for 30 minutes after ten wrong tries, with the same words', async () => {
    await member('locked@example.jp');
    const { browser, page } = await logIn(app, {
      mail: 'locked@example.jp',
      password: 'wrong 1 wrong 1',
    });
    const attempt = (password: string) =>
      browser.submit(page, '/login', { mail: 'locked@example.jp', password });
    let last = await attempt('wrong 2 wrong 2');
    for (let count = 3; count <= 10; count += 1) last = await attempt(`wrong ${count} wrong`);
    const whileLocked = await attempt(PASSWORD);
    expect(seen(whileLocked)).toEqual(seen(last));
    clock.advance(29 * 60_000);
    expect((await attempt(PASSWORD)).status).toBe(400);
    clock.advance(60_000);
    expect((await logIn(app, { mail: 'locked@example.jp' })).back.url).toContain('code=');
  });

  it('lets parallel guesses not past the limit', async () => {
    await member('raced@example.jp');
    const { browser, page } = await logIn(app, {
      mail: 'raced@example.jp',
      password: 'wrong 1 wrong 1',
    });
    const attempt = (password: string) =>
      browser.submit(page, '/login', { mail: 'raced@example.jp', password });
    await Promise.all(Array.from({ length: 14 }, (_, index) => attempt(`guess number ${index}`)));
    expect((await attempt(PASSWORD)).status).toBe(400);
    const { memberId } = (await running.connection
      .collection('identity_contacts')
      .findOne({ address: 'raced@example.jp' })) as unknown as { memberId: string };
    const record = running.connection.collection('identity_audit');
    const refused = await record
      .find({ 'facts.memberId': memberId, kind: 'LOGIN_REFUSED' })
      .toArray();
    const why = refused.map(({ facts }) => (facts as { reason: string }).reason);
    expect(why.filter((reason) => reason === 'WRONG_PASSWORD')).toHaveLength(10);
    expect(why.filter((reason) => reason === 'LOCKED')).toHaveLength(6);
  });

  it('starts counting again after a right password', async () => {
    await member('human@example.jp');
    for (let round = 0; round < 2; round += 1) {
      const { browser, page } = await logIn(app, {
        mail: 'human@example.jp',
        password: 'a typing mistake',
      });
      for (let count = 0; count < 7; count += 1) {
        await browser.submit(page, '/login', {
          mail: 'human@example.jp',
          password: 'a typing mistake',
        });
      }
      const right = await browser.submit(page, '/login', {
        mail: 'human@example.jp',
        password: PASSWORD,
      });
      expect(right.url).toContain('code=');
    }
  });

  it('is refused with the reason while operators have stopped it, and shown as stopped', async () => {
    const { browser, page } = await logIn(app, {
      mail: 'hana@example.jp',
      password: 'wrong but early',
    });
    running.controls.close('login.password');
    try {
      const refused = await browser.submit(page, '/login', {
        mail: 'hana@example.jp',
        password: PASSWORD,
      });
      expect(refused.status).toBe(403);
      expect(refused.text).toContain('FUNCTION_CLOSED');
      expect(refused.text).toContain('調査のため');
      const shown = await browser.go(page.url);
      expect(shown.text).toContain('停止中');
      expect(shown.text).not.toContain('autocomplete="current-password"');
    } finally {
      running.controls.open('login.password');
    }
  });
});

describe('the login page', () => {
  it('speaks Japanese, and English when the browser or the app prefers it or the person asks', async () => {
    const { url } = await app.request();
    expect((await aBrowser({ language: 'fr' }).go(url)).text).toContain('<html lang="ja">');
    const english = await aBrowser({ language: 'en-GB,ja;q=0.5' }).go(url);
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).toContain('Seven app');
    const asked = await app.request({ ui_locales: 'en ja' });
    expect((await aBrowser().go(asked.url)).text).toContain('<html lang="en">');
    const browser = aBrowser();
    const page = await browser.go(url);
    await browser.go(`${page.url}?lang=en`);
    expect((await browser.go(page.url)).text).toContain('<html lang="en">');
  });

  it('allows no script but its own, no frame, and no form to anywhere but the app', async () => {
    const { url } = await app.request();
    const { headers, text } = await aBrowser().go(url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain(`form-action 'self' ${new URL(APPS).origin}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/<script(?![^>]*src=)/);
    expect(text).not.toMatch(/ style=| onclick=/);
  });

  it('refuses a form from elsewhere: another origin, no token, a token of another page, too large', async () => {
    const { url } = await app.request();
    const browser = aBrowser();
    const page = await browser.go(url);
    const foreignPage = await aBrowser().go((await app.request()).url);
    const token = (of: Page) => /name="form" value="([^"]*)"/.exec(of.text)?.[1] ?? '';
    const person = { mail: 'hana@example.jp', password: PASSWORD };
    const post = (fields: Record<string, string>, origin: string) =>
      browser.go(`${page.url}/login`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      });
    const tries = [
      await post({ ...person, form: token(page) }, 'https://evil.example'),
      await post({ ...person, form: token(page) }, 'null'),
      await post(person, running.issuer),
      await post({ ...person, form: token(foreignPage) }, running.issuer),
      await post({ ...person, form: token(page), more: 'x'.repeat(40_000) }, running.issuer),
    ];
    for (const refused of tries) {
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('FORM_NOT_ACCEPTED');
    }
    expect((await post({ ...person, form: token(page) }, running.issuer)).url).toContain('code=');
  });

  it('is only for the browser that the interaction began in', async () => {
    const { url } = await app.request();
    const page = await aBrowser().go(url);
    const stranger = await aBrowser().go(page.url);
    expect(stranger.status).toBe(400);
    expect(stranger.text).toContain('session_expired');
  });
});

describe('a session', () => {
  it('ends after 30 days, however often it was used', async () => {
    const { browser } = await logIn(app, { mail: 'hana@example.jp' });
    const silently = async () =>
      (await browser.go((await app.request({ prompt: 'none' })).url)).url;
    clock.advance(29 * 24 * 60 * 60_000);
    expect(await silently()).toContain('code=');
    clock.advance(2 * 24 * 60 * 60_000);
    expect(await silently()).toContain('error=login_required');
  });
});
