import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createExternalIdProvider } from './external-id-provider.ts';
import type { ExternalIdFault } from './faults.ts';

const REDIRECT = 'http://localhost:49151/callback';
const SECRET = 'sandbox-secret-for-tests-0123456789';
const VERIFIER = 'v'.repeat(43);
let server: Server;
let issuer: string;
let fault: ExternalIdFault | null = null;

beforeAll(async () => {
  let handler: RequestListener = (_request, response) => response.end();
  server = createServer((request, response) => handler(request, response));
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  handler = createExternalIdProvider({
    issuer,
    clients: [{ clientId: '7id', clientSecret: SECRET, redirectUris: [REDIRECT] }],
    people: [{ sub: 'p-1', name: '空 <はるか>' }],
    faults: () => fault,
  }).callback();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  fault = null;
});

/** Walks through the login by hand; returns the page with the people, and what came of a choice. */
async function login(person: string, challenge = 'dC_PgxXfLYrKt6NDKDJ6-IHkC4BvOV-v6JKUi4wDCkM') {
  const cookies = new Map<string, string>();
  const go = async (url: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  const query = new URLSearchParams({
    client_id: '7id',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid profile',
    state: 's',
    nonce: 'n',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const started = await go(`${issuer}/auth?${query}`);
  const loginUrl = new URL(started.headers.get('location') ?? '', issuer).href;
  const page = await (await go(loginUrl)).text();
  const chosen = await go(loginUrl, { method: 'POST', body: new URLSearchParams({ person }) });
  const resumed = await go(chosen.headers.get('location') ?? '');
  return { page, back: new URL(resumed.headers.get('location') ?? '') };
}

async function redeem(back: URL): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`7id:${SECRET}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
    }),
  });
  return ((await response.json()) as { id_token: string }).id_token;
}
const challengeOf = async (verifier: string) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))).toString(
    'base64url',
  );
const verify = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/jwks`)), { issuer, audience: '7id' });

describe("the sandbox's external ID provider", () => {
  it('lets a person log in and signs who they are with its own key', async () => {
    const { page, back } = await login('p-1', await challengeOf(VERIFIER));
    expect(page).toContain('空 &#60;はるか&#62;');
    const { payload } = await verify(await redeem(back));
    expect(payload).toMatchObject({ sub: 'p-1', name: '空 <はるか>', nonce: 'n' });
  });

  it.each(['', 'p-2'])('sends %j, who has no account, back without a code', async (person) => {
    const { back } = await login(person);
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.has('code')).toBe(false);
  });

  it.each<[ExternalIdFault, Record<string, unknown>]>([
    ['wrong-nonce', { nonce: 'not-the-nonce-that-was-sent' }],
    ['wrong-audience', { aud: 'another-client' }],
    ['wrong-issuer', { iss: 'https://another.example' }],
    ['other-party', { azp: 'another-client' }],
  ])('makes a token wrong on request: %s', async (kind, claims) => {
    fault = kind;
    const { back } = await login('p-1', await challengeOf(VERIFIER));
    expect(decodeJwt(await redeem(back))).toMatchObject(claims);
  });

  it.each<ExternalIdFault>(['wrong-key', 'expired', 'unsigned'])(
    'makes a token on request that does not verify: %s',
    async (kind) => {
      fault = kind;
      const { back } = await login('p-1', await challengeOf(VERIFIER));
      await expect(verify(await redeem(back))).rejects.toThrow();
    },
  );
});
