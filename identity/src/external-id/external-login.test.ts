import type { ExternalIdFault } from '@7pay/sandbox';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser, type Browser } from '../testing/browser.ts';
import {
  type ExternalLogins,
  isLoginPage,
  runWithExternalIds,
} from '../testing/external-logins.ts';
import { APPS } from '../testing/running-identity.ts';

let external: ExternalLogins;
let running: ExternalLogins['running'];
let app: ExternalLogins['app'];
let toProvider: ExternalLogins['toProvider'];
let logInAs: ExternalLogins['logInAs'];

beforeAll(async () => {
  external = await runWithExternalIds();
  ({ running, app, toProvider, logInAs } = external);
});
afterAll(() => external.stop());
beforeEach(() => external.setFault(null));

describe('logging in by an external ID', () => {
  it('registers a member at the first time and knows them afterwards', async () => {
    const first = decodeJwt((await (await logInAs('kumo-1001')).redeem()).access_token);
    const second = decodeJwt((await (await logInAs('kumo-1001')).redeem()).access_token);
    const other = decodeJwt((await (await logInAs('kumo-1002')).redeem()).access_token);
    expect(first).toMatchObject({ acr: 'urn:7id:acr:1', amr: ['fed:kumo'] });
    expect(first.sub).toMatch(/^mem_/);
    expect(second.sub).toBe(first.sub);
    expect(other.sub).not.toBe(first.sub);
  });

  it('registers one member when the first login arrives several times at once', async () => {
    const browsers = Array.from({ length: 4 }, () => aBrowser({ leaveAt: APPS }));
    const logins = await Promise.all(browsers.map((browser) => logInAs('kumo-1003', browser)));
    const tokens = await Promise.all(logins.map(({ redeem }) => redeem()));
    expect(new Set(tokens.map((token) => decodeJwt(token.access_token).sub)).size).toBe(1);
  });

  it('shows the ways to log in again when the person says no over there', async () => {
    const { back } = await logInAs('');
    expect(isLoginPage(back)).toBe(true);
  });

  it.each<ExternalIdFault>([
    'wrong-nonce',
    'wrong-audience',
    'wrong-key',
    'expired',
    'wrong-issuer',
    'unsigned',
    'other-party',
  ])('is refused when the ID token is %s', async (kind) => {
    external.setFault(kind);
    const { back, browser } = await logInAs('kumo-1001');
    expect(back.status).toBe(400);
    expect(back.text).toContain('EXTERNAL_ID_REJECTED');
    expect((await browser.go((await app.request({ prompt: 'none' })).url)).url).toContain(
      'login_required',
    );
  });

  it('shows a clear page within five seconds when the provider is dead', async () => {
    const browser = aBrowser({ leaveAt: APPS });
    const start = performance.now();
    const { people: page } = await toProvider(browser, 'dead');
    expect(page.status).toBe(503);
    expect(page.text).toContain('EXTERNAL_ID_UNAVAILABLE');
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('an answer that the browser did not ask for', () => {
  const answerOf = async (browser: Browser) => {
    const { page, people: list } = await toProvider(browser);
    const state = new URL(list.url).searchParams.get('state');
    return { page, state };
  };

  it.each([
    ['without a state', () => '?code=abc'],
    ['with an invented state', () => `?code=abc&state=${'x'.repeat(43)}.${'y'.repeat(43)}`],
  ])('%s logs nobody in', async (_, query) => {
    const browser = aBrowser({ leaveAt: APPS });
    await answerOf(browser);
    const page = await browser.go(`${running.issuer}/external/kumo/callback${query()}`);
    expect(page.status).toBe(400);
  });

  it('meant for another browser logs nobody in (login forced upon a victim)', async () => {
    const attacker = aBrowser({ leaveAt: `${running.issuer}/external/` });
    const { people: list } = await toProvider(attacker);
    const stolen = await attacker.submit(list, new URL(list.url).pathname, { person: 'kumo-1001' });
    expect(stolen.url).toContain('/external/kumo/callback?code=');
    const victim = aBrowser({ leaveAt: APPS });
    await victim.go((await app.request()).url);
    const page = await victim.go(stolen.url);
    expect(page.status).toBe(400);
    expect((await victim.go((await app.request({ prompt: 'none' })).url)).url).toContain(
      'login_required',
    );
  });

  it("of another login, put under the victim's own, logs nobody in", async () => {
    const attacker = aBrowser({ leaveAt: `${running.issuer}/external/` });
    const { people: list } = await toProvider(attacker);
    const stolen = await attacker.submit(list, new URL(list.url).pathname, { person: 'kumo-1001' });
    const victim = aBrowser({ leaveAt: APPS });
    const { page: own } = await toProvider(victim);
    const page = await victim.go(`${own.url}/external/kumo/callback${new URL(stolen.url).search}`);
    expect(page.text).toContain('EXTERNAL_ID_REJECTED');
    expect((await victim.go((await app.request({ prompt: 'none' })).url)).url).toContain(
      'login_required',
    );
  });

  it('meant for another provider, or sent twice, logs nobody in', async () => {
    const browser = aBrowser({ leaveAt: `${running.issuer}/external/` });
    const { people: list } = await toProvider(browser);
    const answer = await browser.submit(list, new URL(list.url).pathname, { person: 'kumo-1001' });
    const patient = await withCookiesOf(browser);
    const elsewhere = await patient(answer.url.replace('/kumo/', '/nami/'));
    expect(await elsewhere.text()).toContain('EXTERNAL_ID_REJECTED');
    const again = await patient(answer.url);
    expect(await again.text()).toContain('EXTERNAL_ID_REJECTED');
  });

  // Follows the way back by hand, because this browser stops at it.
  async function withCookiesOf(browser: Browser) {
    const cookie = browser
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { cookie, accept: 'text/html' };
    return async (url: string) => {
      const first = await fetch(url, { headers, redirect: 'manual' });
      return fetch(new URL(first.headers.get('location') ?? '', url), {
        headers,
        redirect: 'manual',
      });
    };
  }
});

describe('an external user id', () => {
  it('posted anywhere gives no token and no session', async () => {
    await (await logInAs('kumo-1001')).redeem();
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go((await app.request()).url);
    const names = [
      'external_user_id',
      'externalId',
      'sub',
      'subject',
      'person',
      'userId',
      'accountId',
      'login',
    ];
    const fields = Object.fromEntries(names.map((name) => [name, 'kumo-1001']));
    const form = /name="form" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const body = () =>
      new URLSearchParams({ ...fields, provider: '01', providerCode: 'kumo', form });
    const ways = [
      ...[
        '',
        '/login',
        '/passkey',
        '/enrol',
        '/register',
        '/external/kumo',
        '/external/kumo/callback',
      ].map((path) => `${page.url}${path}`),
      ...['/external/kumo/callback', '/external/kumo', '/token', '/auth', '/me'].map(
        (path) => `${running.issuer}${path}`,
      ),
    ];
    for (const way of ways) {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        origin: running.issuer,
      };
      const posted = await browser.go(way, { method: 'POST', headers, body: body() });
      const asked = await browser.go(`${way}?${body()}`, {
        headers: { accept: 'application/json' },
      });
      for (const { url, text } of [posted, asked]) {
        expect(`${way} ${url}`).not.toContain('code=');
        expect(text).not.toMatch(/"(access|id)_token"/);
      }
    }
    expect((await browser.go((await app.request({ prompt: 'none' })).url)).url).toContain(
      'login_required',
    );
  });
});
