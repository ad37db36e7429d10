import assert from 'node:assert/strict';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { aBrowser } from '../testing/browser.ts';
import { aKey, clientAssertion, requestObject, type TestKey } from '../testing/forged.ts';
import { APPS, type RunningIdentity } from '../testing/running-identity.ts';
import { configCases } from './config-cases.ts';
import { DRIVERS, oauth4webapiDriver, openidClientDriver } from './driver.ts';
import { answer, callbackOf, type Cases, PERSON, signIn, type Suite } from './suite.ts';

const REDIRECT = `${APPS}conformance/callback`;

/** What the cases serve to 7iD from `https://rp.example`, and how they move its clock. */
export interface DynamicWorld {
  readonly running: RunningIdentity;
  readonly serve: (path: string, body: unknown) => void;
  readonly wait: (seconds: number) => Promise<void>;
}
interface Registered {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

async function register({ running }: DynamicWorld, metadata: object = {}): Promise<Registered> {
  const response = await fetch(`${running.issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: [REDIRECT],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid profile offline_access',
      id_token_signed_response_alg: 'ES256',
      ...metadata,
    }),
  });
  return { status: response.status, body: (await response.json()) as Registered['body'] };
}

async function suiteOf(
  world: DynamicWorld,
  client: Registered,
  more: { redirectUri?: string; idTokenAlg?: string; drive?: (typeof DRIVERS)[number] } = {},
): Promise<Suite> {
  assert.equal(client.status, 201, JSON.stringify(client));
  const driver = await (more.drive ?? openidClientDriver)({
    issuer: world.running.issuer,
    clientId: client.body['client_id'] ?? '',
    secret: client.body['client_secret'] ?? 'none: it signs',
    redirectUri: more.redirectUri ?? REDIRECT,
    method: 'client_secret_basic',
    ...(more.idTokenAlg !== undefined && { idTokenAlg: more.idTokenAlg }),
  });
  return { running: world.running, driver, byPost: driver, mode: 'query' };
}

const refusedPage = async (
  world: DynamicWorld,
  registered: string,
  asked: string | undefined,
): Promise<void> => {
  const client = await register(world, { redirect_uris: [registered] });
  const { driver } = await suiteOf(world, client);
  const { url } = await driver.begin({ redirect_uri: asked });
  const page = await aBrowser({ leaveAt: APPS }).go(url);
  assert.equal(page.status, 400);
  assert.match(page.text, /invalid_redirect_uri|invalid_request/);
};

/** The consent page leads to an address of the client, and to none that no browser should be sent to. */
async function linksTo(world: DynamicWorld, member: 'policy_uri' | 'tos_uri'): Promise<void> {
  const uri = `https://rp.example/${member}`;
  const { driver } = await suiteOf(world, await register(world, { [member]: uri }));
  const browser = aBrowser({ leaveAt: APPS });
  const login = await browser.go((await driver.begin({ scope: 'openid' })).url);
  const page = await browser.submit(login, '/login', PERSON);
  assert.match(
    page.text,
    new RegExp(`<a href="${uri}" target="_blank" rel="noopener noreferrer">`),
  );
  for (const unfit of ['javascript:alert(1)', 'http://rp.example/', 'data:text/html,x']) {
    const { status, body } = await register(world, { [member]: unfit });
    assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata']);
  }
}

/** The token endpoint with a signed assertion, after a login by the same client. */
async function redeemSigned(
  world: DynamicWorld,
  client: Registered,
  key: TestKey,
  audience: string,
) {
  const clientId = client.body['client_id'] ?? '';
  const { driver } = await suiteOf(world, client);
  const attempt = await driver.begin({ scope: 'openid' });
  const browser = aBrowser({ leaveAt: APPS });
  const callback = callbackOf(await answer(browser, await browser.go(attempt.url)), REDIRECT);
  const response = await fetch(`${world.running.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await clientAssertion(
        key,
        { clientId, audience },
        { header: { kid: key.jwk.kid } },
      ),
    }),
  });
  return response.status;
}
const signedClient = { token_endpoint_auth_method: 'private_key_jwt' };

/** oidcc-dynamic-certification-test-plan */
export const dynamicCases = (world: DynamicWorld): Cases => ({
  'oidcc-idtoken-rs256': async () => {
    for (const drive of DRIVERS) {
      const client = await register(world, { id_token_signed_response_alg: 'RS256' });
      const { tokens } = await signIn(await suiteOf(world, client, { idTokenAlg: 'RS256', drive }));
      assert.equal(decodeProtectedHeader(tokens.id_token ?? '').alg, 'RS256');
    }
  },
  'oidcc-idtoken-unsigned': async () => {
    const { status, body } = await register(world, { id_token_signed_response_alg: 'none' });
    assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata']);
  },
  'oidcc-userinfo-rs256': async () => {
    const client = await register(world, { userinfo_signed_response_alg: 'RS256' });
    const { tokens } = await signIn(await suiteOf(world, client));
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const signed = await (await fetch(`${world.running.issuer}/me`, { headers })).text();
    const keys = createRemoteJWKSet(new URL(`${world.running.issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(signed, keys);
    assert.equal(protectedHeader.alg, 'RS256');
    assert.equal(payload.sub, tokens.claims.sub);
  },
  'oidcc-ensure-redirect-uri-in-authorization-request': () =>
    refusedPage(world, REDIRECT, undefined),
  'oidcc-redirect-uri-query-OK': async () => {
    const redirectUri = `${REDIRECT}?foo=bar`;
    const client = await register(world, { redirect_uris: [redirectUri] });
    const { callback } = await signIn(
      await suiteOf(world, client, { redirectUri, drive: oauth4webapiDriver }),
    );
    assert.equal(callback.searchParams.get('foo'), 'bar');
  },
  'oidcc-redirect-uri-query-mismatch': () =>
    refusedPage(world, `${REDIRECT}?foo=bar`, `${REDIRECT}?foo=baz`),
  'oidcc-redirect-uri-query-added': () => refusedPage(world, REDIRECT, `${REDIRECT}?foo=bar`),
  'oidcc-redirect-uri-regfrag': async () => {
    const { status, body } = await register(world, { redirect_uris: [`${REDIRECT}#part`] });
    assert.deepEqual([status, body['error']], [400, 'invalid_redirect_uri']);
  },
  ...configCases,
  'oidcc-server': async () => {
    for (const drive of DRIVERS) {
      const suite = await suiteOf(world, await register(world), { drive });
      const { tokens } = await signIn(suite);
      assert.equal((await suite.driver.userinfo(tokens))['sub'], tokens.claims.sub);
    }
  },
  'oidcc-registration-jwks-uri': async () => {
    const key = await aKey();
    world.serve('/jwks', { keys: [key.jwk] });
    const client = await register(world, { ...signedClient, jwks_uri: 'https://rp.example/jwks' });
    assert.equal(await redeemSigned(world, client, key, world.running.issuer), 200);
  },
  'oidcc-registration-policy-uri': () => linksTo(world, 'policy_uri'),
  'oidcc-registration-tos-uri': () => linksTo(world, 'tos_uri'),
  'oidcc-registration-sector-uri': async () => {
    world.serve('/sector', [REDIRECT, `${APPS}conformance/other`]);
    const uris = { redirect_uris: [REDIRECT], subject_type: 'pairwise' };
    const sector = { sector_identifier_uri: 'https://rp.example/sector' };
    await signIn(await suiteOf(world, await register(world, { ...uris, ...sector })));
  },
  'oidcc-registration-sector-bad': async () => {
    world.serve('/sector-bad', ['https://another.example/callback']);
    const { status, body } = await register(world, {
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://rp.example/sector-bad',
    });
    assert.deepEqual([status, body['error']], [400, 'invalid_client_metadata']);
  },
  'oidcc-server-rotate-keys': async () => {
    const client = await register(world);
    const before = await signIn(await suiteOf(world, client));
    const { keys } = world.running.identity.admin;
    await keys.rotate?.();
    await world.wait(601);
    await keys.follow();
    const after = await signIn(await suiteOf(world, client));
    const kid = (token: string | undefined) => decodeProtectedHeader(token ?? '').kid;
    assert.notEqual(kid(after.tokens.id_token), kid(before.tokens.id_token));
  },
  'oidcc-refresh-token-rp-key-rotation': async () => {
    const [first, second] = [await aKey(), await aKey()];
    const { issuer } = world.running;
    world.serve('/rotated', { keys: [first.jwk] });
    const client = await register(world, {
      ...signedClient,
      jwks_uri: 'https://rp.example/rotated',
    });
    assert.equal(await redeemSigned(world, client, first, issuer), 200);
    world.serve('/rotated', { keys: [second.jwk] });
    await world.wait(61); // keys of clients are kept for a minute
    assert.equal(await redeemSigned(world, client, second, issuer), 200);
  },
  'oidcc-ensure-request-object-with-redirect-uri': async () => {
    const key = await aKey();
    const client = await register(world, { ...signedClient, jwks: { keys: [key.jwk] } });
    const { driver } = await suiteOf(world, client);
    const request = await requestObject(
      key,
      {
        client_id: driver.clientId,
        redirect_uri: REDIRECT,
        response_type: 'code',
        scope: 'openid',
      },
      world.running.issuer,
    );
    const { url } = await driver.begin({ request, redirect_uri: `${APPS}not-registered` });
    const browser = aBrowser({ leaveAt: APPS });
    const back = callbackOf(await answer(browser, await browser.go(url)), REDIRECT);
    assert.ok(back.searchParams.get('code')); // what stands inside counts
  },
  'oidcc-refresh-token': async () => {
    const suite = await suiteOf(world, await register(world));
    const wish = { scope: 'openid offline_access', prompt: 'consent' };
    const { tokens } = await signIn(suite, wish);
    assert.equal((await suite.driver.refresh(tokens)).claims.sub, tokens.claims.sub);
  },
  'oidcc-ensure-client-assertion-with-iss-aud-succeeds': async () => {
    const key = await aKey();
    const client = await register(world, { ...signedClient, jwks: { keys: [key.jwk] } });
    assert.equal(await redeemSigned(world, client, key, world.running.issuer), 200);
  },
});
