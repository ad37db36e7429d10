import { decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as lifetimes from './lifetimes.ts';
import { aBrowser } from './testing/browser.ts';
import {
  anApp,
  type App,
  APPS,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from './testing/running-identity.ts';

let running: RunningIdentity;
let app: App;
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(() => running.stop());

const errorOf = (url: string) => new URL(url).searchParams.get('error');

describe('an authorization request', () => {
  it('is refused without PKCE and with the plain method', async () => {
    const { url } = await app.request();
    url.searchParams.delete('code_challenge_method');
    url.searchParams.delete('code_challenge');
    expect(errorOf((await aBrowser({ leaveAt: APPS }).go(url)).url)).toBe('invalid_request');
    const plain = await app.request({ code_challenge_method: 'plain' });
    expect(errorOf((await aBrowser({ leaveAt: APPS }).go(plain.url)).url)).toBe('invalid_request');
  });

  it('is refused without PKCE for a partner with a secret as well', async () => {
    const partner = await anApp(running.issuer, 'partner-recipes');
    const { url } = await partner.request();
    url.searchParams.delete('code_challenge_method');
    url.searchParams.delete('code_challenge');
    expect(errorOf((await aBrowser({ leaveAt: APPS }).go(url)).url)).toBe('invalid_request');
  });

  it.each([
    `${APPS}wallet/callback/`,
    `${APPS}wallet/callback?x=1`,
    `${APPS}console/callback`,
    'https://evil.example/callback',
  ])('with the unregistered redirect URI %s ends on our page and goes nowhere', async (uri) => {
    const { url } = await app.request({ redirect_uri: uri });
    const page = await aBrowser().go(url);
    expect(page.status).toBe(400);
    expect(page.url).toContain(running.issuer);
    expect(page.text).toContain('invalid_redirect_uri');
    expect(page.text).toContain('日時（日本時間）');
  });

  it('from an app nobody knows ends on our page', async () => {
    const { url } = await app.request({ client_id: 'nobody' });
    const page = await aBrowser().go(url);
    expect(page.text).toContain('invalid_client');
    expect(page.headers.get('content-type')).toContain('text/html');
  });

  it('for another audience than the graph is refused', async () => {
    const { url } = await app.request({ resource: 'https://another.example/graphql' });
    expect(errorOf((await aBrowser({ leaveAt: APPS }).go(url)).url)).toBe('invalid_target');
  });
});

describe('the provider', () => {
  it('has no development login: nothing but our own form logs anybody in', async () => {
    const { url } = await app.request();
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go(url);
    for (const path of [page.url, `${page.url}/submit`]) {
      const answer = await browser.go(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: running.issuer },
        body: new URLSearchParams({ prompt: 'login', login: 'anybody', password: 'anything' }),
      });
      expect(answer.status).toBe(404);
    }
    expect(page.text).not.toContain('Sign-in');
  });

  it('speaks of ES256, S256 and codes alone', async () => {
    const metadata = await (
      await fetch(`${running.issuer}/.well-known/openid-configuration`)
    ).json();
    expect(metadata).toMatchObject({
      issuer: running.issuer,
      id_token_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public', 'pairwise'],
      acr_values_supported: ['urn:7id:acr:1', 'urn:7id:acr:2', 'urn:7id:acr:3'],
    });
    const { keys } = await (await fetch(`${running.issuer}/jwks`)).json();
    for (const key of keys) expect(key).not.toHaveProperty('d');
  });

  it('answers a forged Host with its own addresses', async () => {
    const { request } = await import('node:http');
    const body = await new Promise<string>((resolve, reject) => {
      const { port } = new URL(running.issuer);
      const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
      const path = '/.well-known/openid-configuration';
      request({ host: 'localhost', port, path, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    expect(body).toContain(`${running.issuer}/token`);
    expect(body).not.toContain('evil.example');
  });

  it('lets pages of the app read tokens and no other origin', async () => {
    const { request, back } = await logIn(app, person);
    const redeem = (origin: string) =>
      fetch(`${running.issuer}/token`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'seven-eleven-app',
          redirect_uri: app.redirectUri,
          code_verifier: request.codeVerifier,
          code: new URL(back.url).searchParams.get('code') ?? '',
        }),
      });
    const foreign = await redeem('https://evil.example');
    expect(foreign.status).toBe(400);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    const own = await redeem(new URL(APPS).origin);
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBe(new URL(APPS).origin);
  });

  it('knows a person again: the second app asks for nothing', async () => {
    const { browser } = await logIn(app, person);
    const again = await app.request();
    expect((await browser.go(again.url)).url).toContain('code=');
    const none = await app.request({ prompt: 'none' });
    expect((await browser.go(none.url)).url).toContain('code=');
    expect(errorOf((await aBrowser({ leaveAt: APPS }).go(none.url)).url)).toBe('login_required');
  });

  it('asks again when the app wants a fresh login', async () => {
    const { browser } = await logIn(app, person);
    for (const parameters of [{ prompt: 'login' }, { max_age: '0' }]) {
      await new Promise((second) => setTimeout(second, 1_100));
      const fresh = await app.request(parameters as Record<string, string>);
      const page = await browser.go(fresh.url);
      expect(page.text).toContain('autocomplete="current-password"');
      const back = await browser.submit(page, '/login', { ...person, password: PASSWORD });
      await expect(fresh.redeem(back)).resolves.toHaveProperty('access_token');
    }
  });

  it('revokes a refresh token when the app asks', async () => {
    const { redeem } = await logIn(app, person);
    const { refresh_token: token = '' } = await redeem();
    await oidc.tokenRevocation(app.configuration, token);
    await expect(oidc.refreshTokenGrant(app.configuration, token)).rejects.toThrow();
  });

  it('shows a page of our own, and nothing of the cause, when something breaks', async () => {
    const browser = aBrowser();
    const page = await browser.go((await app.request()).url);
    const { look } = running.controls;
    const broken = () => {
      throw new Error('connection to 10.1.2.3 lost');
    };
    Object.assign(running.controls, { look: broken });
    try {
      const failed = await browser.go(page.url);
      expect(failed.status).toBe(500);
      expect(failed.text).toContain('server_error');
      expect(failed.text).not.toContain('10.1.2.3');
    } finally {
      Object.assign(running.controls, { look });
    }
  });

  it('signs with the first of its keys and verifies with all', async () => {
    const { redeem } = await logIn(app, person);
    const { access_token: token } = await redeem();
    expect(decodeProtectedHeader(token).kid).toBe('test-1');
    const { keys } = await (await fetch(`${running.issuer}/jwks`)).json();
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual(['test-1', 'test-0']);
  });

  it('shows a page of our own for an address that does not exist', async () => {
    const page = await aBrowser().go(`${running.issuer}/no-such-page`);
    expect(page.status).toBe(404);
    expect(page.text).toContain('not_found');
  });
});

describe('behind an edge that ends TLS', () => {
  it('speaks of https alone and its cookies are secure', async () => {
    const edge = await runIdentity({ issuer: 'https://id.example.jp' });
    try {
      const metadata = await (await fetch(`${edge.url}/.well-known/openid-configuration`)).text();
      expect(metadata).toContain('https://id.example.jp/token');
      expect(metadata).not.toContain('localhost');
      const { url } = await app.request();
      const started = await fetch(`${edge.url}${url.pathname}${url.search}`, {
        redirect: 'manual',
        headers: { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' },
      });
      const cookies = started.headers.getSetCookie();
      expect(cookies.length).toBeGreaterThan(0);
      for (const cookie of cookies) expect(cookie.toLowerCase()).toMatch(/; secure/);
      for (const cookie of cookies) expect(cookie.toLowerCase()).toMatch(/; httponly/);
      expect(started.headers.get('strict-transport-security')).toContain('max-age');
    } finally {
      await edge.stop();
    }
  });
});

describe('lifetimes', () => {
  it('let a grant outlive every refresh token that can rest on it', () => {
    expect(lifetimes.GRANT_SECONDS).toBeGreaterThan(
      lifetimes.SESSION_SECONDS_MAX + lifetimes.REFRESH_SECONDS,
    );
  });

  it('end a session however often it is used', () => {
    const login = 1_000_000;
    const { SESSION_SECONDS_IDLE: idle, SESSION_SECONDS_MAX: most, sessionSeconds } = lifetimes;
    expect(sessionSeconds(undefined, login)).toBe(idle);
    expect(sessionSeconds(login, login)).toBe(idle);
    expect(sessionSeconds(login, login + most - 60)).toBe(60);
    expect(sessionSeconds(login, login + most + 60)).toBe(1);
  });
});
