import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { aBrowser, type Browser } from '../testing/browser.ts';
import { clientAssertion, dpopProof, type TestKey } from '../testing/forged.ts';
import { APPS, type RunningIdentity } from '../testing/running-identity.ts';
import { answer, callbackOf } from './suite.ts';

type Fields = Record<string, string | undefined>;

/** A client of the FAPI 2.0 plan, and what it holds. */
export interface FapiClient {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Signs its client assertions. */
  readonly key: TestKey;
  /** Its tokens are bound to it. */
  readonly dpopKey: TestKey;
}

/** What a FAPI case works with: two clients, as the suite has, and raw requests that it can bend. */
export interface FapiSuite {
  readonly running: RunningIdentity;
  readonly first: FapiClient;
  readonly second: FapiClient;
}
export type FapiCase = (suite: FapiSuite) => Promise<void>;
export type FapiCases = Readonly<Record<string, FapiCase>>;

export interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
}

/** What a case changes about a request. `null`: left out. */
export interface Bent {
  readonly method?: string;
  readonly fields?: Fields;
  /** The client assertion; null sends none. */
  readonly assertion?: string | null;
  /** The DPoP proof; null sends none. */
  readonly proof?: string | null;
  readonly claims?: Record<string, unknown>;
  readonly proofClaims?: Record<string, unknown>;
  readonly dpopKey?: TestKey;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Posts to an endpoint as the client does, with the nonce that the answer asks for, and bent where the case says. */
export async function post(
  { running: { issuer } }: FapiSuite,
  client: FapiClient,
  path: '/request' | '/token',
  fields: Fields,
  bent: Bent = {},
): Promise<Answer> {
  const url = `${issuer}${path}`;
  const send = async (nonce?: string) => {
    const assertion =
      bent.assertion === undefined
        ? await clientAssertion(
            client.key,
            { clientId: client.clientId, audience: issuer },
            { claims: bent.claims ?? {} },
          )
        : bent.assertion;
    const proof =
      bent.proof === undefined
        ? await dpopProof(
            bent.dpopKey ?? client.dpopKey,
            { url, ...(nonce !== undefined && { nonce }) },
            { claims: bent.proofClaims ?? {} },
          )
        : bent.proof;
    const body = new URLSearchParams();
    const all: Fields = {
      ...(assertion !== null && {
        client_assertion: assertion,
        client_assertion_type: ASSERTION_TYPE,
      }),
      client_id: client.clientId,
      ...fields,
      ...bent.fields,
    };
    for (const [name, value] of Object.entries(all)) if (value !== undefined) body.set(name, value);
    const method = bent.method ?? 'POST';
    return fetch(method === 'GET' ? `${url}?${body}` : url, {
      method,
      headers: proof === null ? {} : { DPoP: proof },
      ...(method === 'GET' ? {} : { body }),
    });
  };
  let response = await send();
  const nonce = response.headers.get('dpop-nonce');
  if (nonce !== null && bent.proof === undefined) {
    const { error } = (await response.clone().json()) as { error?: string };
    if (error === 'use_dpop_nonce') response = await send(nonce);
  }
  const text = await response.text();
  const body = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {};
  return { status: response.status, body };
}

export interface Pushed {
  readonly requestUri: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export async function parametersOf(client: FapiClient) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const fields: Fields = {
    response_type: 'code',
    redirect_uri: client.redirectUri,
    scope: 'openid',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  return { fields, verifier, state, nonce };
}

export async function push(
  suite: FapiSuite,
  client: FapiClient = suite.first,
  bent: Bent = {},
): Promise<Answer & Partial<Pushed>> {
  const { fields, verifier, state, nonce } = await parametersOf(client);
  const pushed = await post(suite, client, '/request', fields, bent);
  return { ...pushed, requestUri: pushed.body['request_uri'] ?? '', verifier, state, nonce };
}

export const authorizeUrl = ({ running }: FapiSuite, client: FapiClient, requestUri: string) =>
  `${running.issuer}/auth?${new URLSearchParams({
    client_id: client.clientId,
    request_uri: requestUri,
  })}`;

/** The member logs in and agrees; what comes back to the app. */
export async function visit(
  suite: FapiSuite,
  client: FapiClient,
  requestUri: string,
  browser: Browser = aBrowser({ leaveAt: APPS }),
): Promise<URL> {
  const page = await answer(browser, await browser.go(authorizeUrl(suite, client, requestUri)));
  return callbackOf(page, client.redirectUri);
}

/** A code, and what is needed to redeem it. */
export async function aCode(suite: FapiSuite, bent: Bent = {}, browser?: Browser) {
  const pushed = await push(suite, suite.first, bent);
  assert.equal(pushed.status, 201, JSON.stringify(pushed.body));
  const back = await visit(suite, suite.first, pushed.requestUri ?? '', browser);
  const code = back.searchParams.get('code') ?? '';
  assert.ok(code, back.search);
  const fields: Fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: suite.first.redirectUri,
    code_verifier: pushed.verifier,
  };
  return { fields, back, pushed };
}
export const redeem = (
  suite: FapiSuite,
  { fields }: { fields: Fields },
  bent: Bent = {},
  client: FapiClient = suite.first,
) => post(suite, client, '/token', fields, bent);

/** Fails unless the answer is this error of the protocol. */
export const refused = ({ status, body }: Answer, error: RegExp): void => {
  assert.match(body['error'] ?? `status ${status} without an error`, error);
};
export const userinfo = async (
  { running: { issuer }, first }: FapiSuite,
  token: string,
  bent: { scheme?: string; proof?: string | null; claims?: Record<string, unknown> } = {},
): Promise<number> => {
  const url = `${issuer}/me`;
  const send = async (nonce?: string) => {
    const request = { url, method: 'GET', token, ...(nonce !== undefined && { nonce }) };
    const proof =
      bent.proof === undefined
        ? await dpopProof(first.dpopKey, request, { claims: bent.claims ?? {} })
        : bent.proof;
    return fetch(url, {
      headers: {
        authorization: `${bent.scheme ?? 'DPoP'} ${token}`,
        ...(proof !== null && { DPoP: proof }),
      },
    });
  };
  return (await send()).status;
};
