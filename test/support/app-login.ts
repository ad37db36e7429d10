import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrlWithPAR,
  calculatePKCECodeChallenge,
  discovery,
  type DPoPHandle,
  getDPoPHandle,
  None,
  randomDPoPKeyPair,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { aBrowser } from '../../identity/src/testing/browser.ts';

/** A person at the app of the group, on a device that was never seen before. */
export async function aNewDevice({
  platform,
}: {
  readonly platform: { readonly urls: { readonly identity: string; readonly gateway: string } };
}) {
  const keys = await randomDPoPKeyPair('ES256');
  const { identity, gateway } = platform.urls;
  const redirectUri = `${gateway}/wallet/callback`;
  const configuration = await discovery(new URL(identity), 'seven-eleven-app', undefined, None(), {
    execute: [allowInsecureRequests],
  });
  const browser = aBrowser({ leaveAt: redirectUri });
  const pkceCodeVerifier = randomPKCECodeVerifier();
  const expectedState = randomState();
  const expectedNonce = randomNonce();
  const start = await buildAuthorizationUrlWithPAR(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile wallet points refund',
    code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  });
  return {
    browser,
    /** The login page, as the app sends people to it. */
    open: () => browser.go(start),
    configuration,
    /** The tokens for the address that the login came back with; bound to a key of this device, if told so. */
    redeem: (backAt: string, binding?: { DPoP: DPoPHandle }) =>
      authorizationCodeGrant(
        configuration,
        new URL(backAt),
        { pkceCodeVerifier, expectedState, expectedNonce },
        undefined,
        binding,
      ),
    /** Proves, request by request, that this device holds the key to which a token is bound. */
    binding: () => ({ DPoP: getDPoPHandle(configuration, keys) }),
  };
}
