import assert from 'node:assert/strict';
import { decodeProtectedHeader, UnsecuredJWT } from 'jose';
import { aBrowser } from '../testing/browser.ts';
import { APPS } from '../testing/running-identity.ts';
import {
  asksToLogIn,
  authorize,
  type Cases,
  errorOf,
  firstPage,
  PERSON,
  PHONE,
  second,
  signIn,
  type Suite,
} from './suite.ts';

const succeeds =
  (parameters: Record<string, string | undefined>) =>
  async (suite: Suite): Promise<void> => {
    const { tokens } = await signIn(suite, parameters);
    assert.ok(tokens.claims.sub);
  };
const askUserinfo = (suite: Suite, init: RequestInit) => fetch(`${suite.running.issuer}/me`, init);

/** oidcc-basic-certification-test-plan; the same modules by form post are oidcc-formpost-basic-certification-test-plan. */
export const basicCases: Cases = {
  'oidcc-server': async (suite) => {
    const { tokens, attempt, callback } = await signIn(suite, { scope: 'openid profile' });
    const { claims } = tokens;
    assert.equal(claims.iss, suite.running.issuer);
    assert.equal(claims.aud, suite.driver.clientId);
    assert.equal(claims['nonce'], attempt.nonce);
    assert.equal(callback.searchParams.get('iss'), suite.running.issuer);
    assert.equal((await suite.driver.userinfo(tokens))['sub'], claims.sub);
  },
  'oidcc-response-type-missing': async (suite) => {
    const { url } = await suite.driver.begin({ response_type: undefined });
    const page = await aBrowser({ leaveAt: APPS }).go(url);
    const said = page.url.startsWith(APPS) ? page.url : page.text;
    assert.match(said, /invalid_request|unsupported_response_type/);
  },
  'oidcc-idtoken-signature': async (suite) => {
    const { tokens } = await signIn(suite); // each driver checks it against the published keys
    const { alg, kid } = decodeProtectedHeader(tokens.id_token ?? '');
    assert.equal(alg, 'ES256');
    assert.ok(kid);
  },
  'oidcc-idtoken-unsigned': async (suite) => {
    const metadata = await (
      await fetch(`${suite.running.issuer}/.well-known/openid-configuration`)
    ).json();
    assert.ok(!metadata.id_token_signing_alg_values_supported.includes('none'));
  },
  'oidcc-userinfo-get': async (suite) => {
    const { tokens } = await signIn(suite);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const answer = await askUserinfo(suite, { headers });
    assert.equal((await answer.json()).sub, tokens.claims.sub);
  },
  'oidcc-userinfo-post-header': async (suite) => {
    const { tokens } = await signIn(suite);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const answer = await askUserinfo(suite, { method: 'POST', headers });
    assert.equal((await answer.json()).sub, tokens.claims.sub);
  },
  'oidcc-userinfo-post-body': async (suite) => {
    const { tokens } = await signIn(suite);
    const body = new URLSearchParams({ access_token: tokens.access_token });
    const answer = await askUserinfo(suite, { method: 'POST', body });
    assert.equal((await answer.json()).sub, tokens.claims.sub);
  },
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': async (suite) => {
    const { tokens } = await signIn(suite, { nonce: undefined });
    assert.equal(tokens.claims['nonce'], undefined);
  },
  'oidcc-scope-profile': async (suite) => {
    const { tokens } = await signIn(suite, { scope: 'openid profile' });
    const { name, locale, email } = await suite.driver.userinfo(tokens);
    assert.deepEqual([name, locale, email], [PERSON.displayName, 'ja', undefined]);
  },
  'oidcc-scope-email': async (suite) => {
    const { tokens } = await signIn(suite, { scope: 'openid email' });
    const { name, email, email_verified } = await suite.driver.userinfo(tokens);
    assert.deepEqual([name, email, email_verified], [undefined, PERSON.mail, true]);
  },
  'oidcc-scope-phone': async (suite) => {
    const { tokens } = await signIn(suite, { scope: 'openid phone' });
    const { name, phone_number, phone_number_verified } = await suite.driver.userinfo(tokens);
    assert.deepEqual([name, phone_number, phone_number_verified], [undefined, PHONE, true]);
  },
  'oidcc-ensure-other-scope-order-succeeds': succeeds({ scope: 'email openid' }),
  'oidcc-display-page': succeeds({ display: 'page' }),
  'oidcc-display-popup': succeeds({ display: 'popup' }),
  'oidcc-prompt-login': async (suite) => {
    const { browser, tokens } = await signIn(suite);
    await second(1.1);
    const page = await firstPage(suite, { prompt: 'login' }, browser);
    assert.ok(asksToLogIn(page));
    const again = await signIn(suite, { prompt: 'login' }, browser);
    assert.ok(Number(again.tokens.claims['auth_time']) > Number(tokens.claims['auth_time']));
  },
  'oidcc-prompt-none-not-logged-in': async (suite) => {
    assert.equal(errorOf(await authorize(suite, { prompt: 'none' })), 'login_required');
  },
  'oidcc-prompt-none-logged-in': async (suite) => {
    const { browser, tokens } = await signIn(suite);
    const again = await signIn(suite, { prompt: 'none' }, browser);
    assert.equal(again.tokens.claims.sub, tokens.claims.sub);
    assert.equal(again.tokens.claims['auth_time'], tokens.claims['auth_time']);
  },
  'oidcc-max-age-1': async (suite) => {
    const { browser, tokens } = await signIn(suite);
    await second(2.1);
    assert.ok(asksToLogIn(await firstPage(suite, { max_age: '1' }, browser)));
    const again = await signIn(suite, { max_age: '1' }, browser);
    assert.ok(Number(again.tokens.claims['auth_time']) > Number(tokens.claims['auth_time']));
  },
  'oidcc-max-age-10000': async (suite) => {
    const { browser, tokens } = await signIn(suite);
    const again = await signIn(suite, { max_age: '10000', prompt: 'none' }, browser);
    assert.equal(again.tokens.claims['auth_time'], tokens.claims['auth_time']);
  },
  'oidcc-ensure-request-with-unknown-parameter-succeeds': succeeds({ extra: 'foobar' }),
  'oidcc-id-token-hint': async (suite) => {
    const { browser, tokens } = await signIn(suite);
    const hint = { prompt: 'none', id_token_hint: tokens.id_token };
    const again = await signIn(suite, hint, browser);
    assert.equal(again.tokens.claims.sub, tokens.claims.sub);
  },
  'oidcc-login-hint': async (suite) => {
    const page = await firstPage(suite, { login_hint: 'hint@example.jp' });
    assert.ok(page.text.includes('hint@example.jp'));
    await succeeds({ login_hint: PERSON.mail })(suite);
  },
  'oidcc-ui-locales': async (suite) => {
    const page = await firstPage(suite, { ui_locales: 'en' });
    assert.match(page.text, /<html lang="en"/);
    await succeeds({ ui_locales: 'se' })(suite);
  },
  'oidcc-claims-locales': succeeds({ claims_locales: 'se' }),
  'oidcc-ensure-request-with-acr-values-succeeds': async (suite) => {
    const { tokens } = await signIn(suite, { acr_values: 'urn:7id:acr:1' });
    assert.equal(tokens.claims['acr'], 'urn:7id:acr:1');
  },
  'oidcc-codereuse': async (suite) => {
    const { attempt, callback } = await signIn(suite);
    await assert.rejects(suite.driver.redeem(attempt, callback), { error: 'invalid_grant' });
  },
  'oidcc-codereuse-30seconds': async (suite) => {
    const { attempt, callback, tokens } = await signIn(suite);
    await assert.rejects(suite.driver.redeem(attempt, callback), { error: 'invalid_grant' });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    assert.equal((await askUserinfo(suite, { headers })).status, 401); // what the code gave is revoked
  },
  'oidcc-ensure-registered-redirect-uri': async (suite) => {
    const page = await firstPage(suite, { redirect_uri: `${APPS}not-registered` });
    assert.equal(page.status, 400);
    assert.match(page.text, /invalid_redirect_uri/);
  },
  'oidcc-ensure-post-request-succeeds': async (suite) => {
    const { driver, running } = suite;
    const attempt = await driver.begin({});
    const browser = aBrowser({ leaveAt: APPS });
    const login = await browser.go(`${running.issuer}/auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: attempt.url.searchParams,
    });
    assert.ok(asksToLogIn(login));
  },
  'oidcc-server-client-secret-post': async (suite) => {
    await succeeds({ scope: 'openid profile' })({ ...suite, driver: suite.byPost });
  },
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported': async (suite) => {
    const answered = await authorize(suite, { request_uri: `${APPS}request` });
    assert.equal(errorOf(answered), 'request_uri_not_supported');
  },
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported': async (suite) => {
    const request = new UnsecuredJWT({ client_id: suite.driver.clientId, state: 'x' }).encode();
    assert.equal(errorOf(await authorize(suite, { request })), 'invalid_request_object');
  },
  'oidcc-claims-essential': async (suite) => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { tokens } = await signIn(suite, { claims });
    assert.equal((await suite.driver.userinfo(tokens))['name'], PERSON.displayName);
  },
  'oidcc-refresh-token': async (suite) => {
    const scope = 'openid offline_access';
    const { tokens } = await signIn(suite, { scope, prompt: 'consent' });
    const again = await suite.driver.refresh(tokens);
    assert.equal(again.claims.sub, tokens.claims.sub);
    assert.notEqual(again.access_token, tokens.access_token);
    assert.equal((await suite.driver.userinfo(again))['sub'], tokens.claims.sub);
  },
  'oidcc-ensure-request-with-valid-pkce-succeeds': succeeds({ code_challenge: 'S256' }),
};
