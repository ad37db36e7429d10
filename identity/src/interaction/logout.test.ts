import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import {
  anApp,
  type App,
  APPS,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

let running: RunningIdentity;
let app: App;
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(() => running.stop());

const logoutUrl = (parameters: Record<string, string>) =>
  oidc.buildEndSessionUrl(app.configuration, parameters);

describe('logging out', () => {
  it('asks, ends the session and its refresh tokens, and goes back to the app', async () => {
    const { browser, redeem } = await logIn(app, person);
    const tokens = await redeem();
    const page = await browser.go(
      logoutUrl({
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: `${APPS}wallet/`,
        state: 'over',
      }),
    );
    expect(page.text).toContain('ログアウトしますか');
    expect(page.headers.get('content-security-policy')).toContain(new URL(APPS).origin);
    const cookies = browser.cookies();
    const back = await browser.submit(page, '/session/end/confirm', { logout: 'yes' });
    expect(back.url).toBe(`${APPS}wallet/?state=over`);
    const silent = await app.request({ prompt: 'none' });
    expect((await browser.go(silent.url)).url).toContain('login_required');
    await expect(
      oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? ''),
    ).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    // A copy of the old cookie is worth nothing.
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const copied = await fetch(silent.url, { headers: { cookie }, redirect: 'manual' });
    expect(copied.headers.get('location')).toContain('login_required');
  });

  it('leaves a person logged in who says no', async () => {
    const { browser } = await logIn(app, person);
    const page = await browser.go(logoutUrl({}));
    const stayed = await browser.submit(page, '/session/end/confirm');
    expect(stayed.text).toContain('7iDにログインしたままです');
    const silent = await app.request({ prompt: 'none' });
    expect((await browser.go(silent.url)).url).toContain('code=');
  });

  it('goes nowhere that is not registered', async () => {
    const { redeem, browser } = await logIn(app, person);
    const { id_token: hint = '' } = await redeem();
    const page = await browser.go(
      logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: 'https://evil.example/' }),
    );
    expect(page.status).toBe(400);
    expect(page.text).toContain('invalid_request');
  });

  it('ends on our own page in the language of the person', async () => {
    const { browser } = await logIn(app, person, {}, aBrowser({ leaveAt: APPS, language: 'en' }));
    const page = await browser.go(logoutUrl({}));
    const done = await browser.submit(page, '/session/end/confirm', { logout: 'yes' });
    expect(done.text).toContain('You are logged out of 7iD');
  });

  it('of one person comes before another one logs in with the same browser, and can be done without script', async () => {
    await running.identity.registerMember({
      mail: 'natsu@example.jp',
      displayName: 'なつ',
      password: PASSWORD,
    });
    const first = await logIn(app, person);
    const tokens = await first.redeem();
    const second = await logIn(
      app,
      { mail: 'natsu@example.jp' },
      { prompt: 'login' },
      first.browser,
    );
    expect(second.back.text).toContain('続ける');
    expect(second.back.text).toContain('<html lang="ja">');
    expect(second.back.headers.get('content-security-policy')).toMatch(
      /script-src 'self' 'sha256-/,
    );
    const done = await first.browser.submit(second.back, '/session/end/confirm');
    const other = await second.request.redeem(done);
    expect(other.claims()?.['name']).toBe('なつ');
    await expect(
      oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? ''),
    ).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});
