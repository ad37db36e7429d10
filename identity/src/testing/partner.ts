import * as oidc from 'openid-client';
import type { IdentitySettingsInput } from '../index.ts';
import { aBrowser, type Browser } from './browser.ts';
import type { TestKey } from './forged.ts';
import { APPS, PASSWORD } from './running-identity.ts';

type Client = IdentitySettingsInput['clients'][number];

const name = { ja: '家計簿', en: 'Household book' };

/** A partner of the FAPI 2.0 profile that proves itself by its key; more members override. */
export const fapiPartner = (clientId: string, key: TestKey, more: object = {}): Client =>
  ({
    kind: 'partner-app',
    clientId,
    name,
    redirectUris: [`${APPS}${clientId}/callback`],
    authentication: { method: 'private_key_jwt', jwks: { keys: [key.jwk] } },
    graphScopes: ['wallet'],
    profile: 'fapi2',
    payments: true,
    ...more,
  }) as Client;

/** A client of the tests that pushes its requests, and binds its tokens to a key of its own. */
export async function aPartner(
  issuer: string,
  clientId: string,
  proves: { key: TestKey; authentication?: oidc.ClientAuth; apps?: string },
) {
  const authentication =
    proves.authentication ??
    oidc.PrivateKeyJwt({ key: proves.key.privateKey, kid: proves.key.jwk.kid });
  const configuration = await oidc.discovery(
    new URL(issuer),
    clientId,
    { id_token_signed_response_alg: 'ES256' },
    authentication,
    { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
  );
  const DPoP = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));
  const redirectUri = `${proves.apps ?? APPS}${clientId}/callback`;

  return {
    configuration,
    DPoP,
    redirectUri,
    /** From the pushed request to the way back to the app; the member logs in and agrees when asked. */
    authorize: async (
      person: { mail: string },
      parameters: Record<string, string> = {},
      browser: Browser = aBrowser({ leaveAt: APPS }),
    ) => {
      const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
      const expectedState = oidc.randomState();
      const expectedNonce = oidc.randomNonce();
      const url = await oidc.buildAuthorizationUrlWithPAR(
        configuration,
        {
          redirect_uri: redirectUri,
          scope: 'openid wallet',
          code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          state: expectedState,
          nonce: expectedNonce,
          ...parameters,
        },
        { DPoP },
      );
      let page = await browser.go(url);
      if (page.text.includes('autocomplete="current-password"')) {
        page = await browser.submit(page, '/login', { mail: person.mail, password: PASSWORD });
      }
      const consentPage = page;
      const agree = () => browser.submit(consentPage, '/consent');
      const redeem = (back: { url: string }) =>
        oidc.authorizationCodeGrant(
          configuration,
          new URL(back.url),
          { pkceCodeVerifier, expectedState, expectedNonce },
          undefined,
          { DPoP },
        );
      return { browser, url, page: consentPage, agree, redeem };
    },
  };
}
