import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrlWithPAR,
  calculatePKCECodeChallenge,
  discovery,
  type DPoPHandle,
  getDPoPHandle,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { aBrowser } from '../../identity/src/testing/browser.ts';
import type { GraphAnswer } from './graph.ts';

/** A person at the app of the group, on a device that was never seen before. */
export async function aNewDevice(
  {
    platform,
  }: {
    readonly platform: { readonly urls: { readonly identity: string; readonly gateway: string } };
  },
  scope = 'openid profile wallet points refund',
) {
  const keys = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(keys.publicKey);
  const { identity, gateway } = platform.urls;
  const redirectUri = `${gateway}/wallet/callback`;
  const configuration = await discovery(new URL(identity), 'seven-eleven-app', undefined, None(), {
    execute: [allowInsecureRequests],
  });
  const browser = aBrowser({ leaveAt: redirectUri });
  const pkceCodeVerifier = randomPKCECodeVerifier();
  const expectedState = randomState();
  const expectedNonce = randomNonce();
  const asked = {
    redirect_uri: redirectUri,
    scope,
    code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  };
  const start = await buildAuthorizationUrlWithPAR(configuration, asked);
  const binding = () => ({ DPoP: getDPoPHandle(configuration, keys) });
  /** A proof of this device for one request by POST. */
  const proof = async (url: string, token?: string) =>
    new SignJWT({
      htm: 'POST',
      htu: url,
      jti: randomUUID(),
      ...(token && { ath: createHash('sha256').update(token).digest('base64url') }),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(keys.privateKey);
  return {
    browser,
    /** The login page, as the app sends people to it. */
    open: () => browser.go(start),
    /** The page that asks whoever is logged in for more than a password. */
    stepUp: async () => {
      const more = { ...asked, acr_values: 'urn:7id:acr:2' };
      return browser.go(await buildAuthorizationUrlWithPAR(configuration, more));
    },
    configuration,
    /** The tokens for the address that the login came back with, bound to the key of this device. */
    redeem: (backAt: string, bound: { DPoP: DPoPHandle } = binding()) =>
      authorizationCodeGrant(
        configuration,
        new URL(backAt),
        { pkceCodeVerifier, expectedState, expectedNonce },
        undefined,
        bound,
      ),
    /** The same without a key, as an app does that has none. */
    redeemUnbound: (backAt: string) =>
      authorizationCodeGrant(configuration, new URL(backAt), {
        pkceCodeVerifier,
        expectedState,
        expectedNonce,
      }),
    /** Proves, request by request, that this device holds the key to which a token is bound. */
    binding,
    proof,
    /** Asks the graph with a token of this device; `at` is where it is sent, if not to the address of all. */
    ask: async <Data>(token: string, query: string, at = gateway): Promise<GraphAnswer<Data>> => {
      const headers = {
        'content-type': 'application/json',
        authorization: `DPoP ${token}`,
        dpop: await proof(`${gateway}/graphql`, token),
      };
      const body = JSON.stringify({ query });
      const response = await fetch(`${at}/graphql`, { method: 'POST', headers, body });
      return { status: response.status, ...((await response.json()) as object) } as never;
    },
  };
}
