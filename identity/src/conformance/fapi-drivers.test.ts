import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import { aKey, type TestKey } from '../testing/forged.ts';
import { aPartner, fapiPartner } from '../testing/partner.ts';
import { APPS, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { answer, PERSON } from './suite.ts';

let running: RunningIdentity;
let key: TestKey;
const clientId = 'fapi-driven';
const redirectUri = `${APPS}${clientId}/callback`;
const http = { [oauth.allowInsecureRequests]: true };

beforeAll(async () => {
  key = await aKey();
  running = await runIdentity({ clients: [fapiPartner(clientId, key, { graphScopes: [] })] });
  await running.identity.registerMember(PERSON);
});
afterAll(() => running.stop());

const scope = 'openid profile offline_access';

describe('a whole login of the FAPI 2.0 profile, answered by JARM, renewed, and asked about', () => {
  it('is taken by openid-client', async () => {
    const partner = await aPartner(running.issuer, clientId, { key });
    const { configuration, DPoP } = partner;
    oidc.useJwtResponseMode(configuration);
    const { agree, redeem } = await partner.authorize(PERSON, { scope, prompt: 'consent' });
    const tokens = await redeem(await agree());
    const sub = tokens.claims()?.sub ?? '';
    expect(tokens.token_type).toBe('dpop');
    const info = await oidc.fetchUserInfo(configuration, tokens.access_token, sub, { DPoP });
    expect(info).toMatchObject({ sub, name: PERSON.displayName });
    const again = await oidc.refreshTokenGrant(
      configuration,
      tokens.refresh_token ?? '',
      undefined,
      { DPoP },
    );
    expect(again.claims()?.sub).toBe(sub);
    expect(await oidc.tokenIntrospection(configuration, again.access_token)).toMatchObject({
      active: true,
      cnf: { jkt: expect.any(String) },
    });
    await oidc.tokenRevocation(configuration, again.refresh_token ?? '');
    expect(await oidc.tokenIntrospection(configuration, again.access_token)).toEqual({
      active: false,
    });
  });

  it('is taken by oauth4webapi, which asks again with the nonce it is told', async () => {
    const issuer = new URL(running.issuer);
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http }),
    );
    const client: oauth.Client = {
      client_id: clientId,
      id_token_signed_response_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
    };
    const proves = oauth.PrivateKeyJwt({ key: key.privateKey, kid: key.jwk.kid });
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    let nonces = 0;
    const twice = async <Result>(
      send: () => Promise<Response>,
      read: (response: Response) => Promise<Result>,
    ): Promise<Result> => {
      try {
        return await read(await send());
      } catch (error) {
        if (!oauth.isDPoPNonceError(error)) throw error;
        nonces += 1;
        return read(await send());
      }
    };
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const parameters = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      response_mode: 'jwt',
      redirect_uri: redirectUri,
      scope,
      prompt: 'consent',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const pushed = await twice(
      () => oauth.pushedAuthorizationRequest(server, client, proves, parameters, { DPoP, ...http }),
      (response) => oauth.processPushedAuthorizationResponse(server, client, response),
    );
    expect(nonces).toBe(1);
    const url = new URL(server.authorization_endpoint ?? '');
    url.searchParams.set('client_id', clientId);
    url.searchParams.set('request_uri', pushed.request_uri);
    const browser = aBrowser({ leaveAt: APPS });
    const back = await answer(browser, await browser.go(url));
    const checked = await oauth.validateJwtAuthResponse(
      server,
      client,
      new URL(back.url),
      state,
      http,
    );
    const tokens = await twice(
      () =>
        oauth.authorizationCodeGrantRequest(
          server,
          client,
          proves,
          checked,
          redirectUri,
          verifier,
          { DPoP, ...http },
        ),
      (response) =>
        oauth.processAuthorizationCodeResponse(server, client, response, {
          expectedNonce: nonce,
          requireIdToken: true,
        }),
    );
    const sub = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? '';
    const info = await twice(
      () => oauth.userInfoRequest(server, client, tokens.access_token, { DPoP, ...http }),
      (response) => oauth.processUserInfoResponse(server, client, sub, response),
    );
    expect(info).toMatchObject({ sub, name: PERSON.displayName });
    const again = await twice(
      () =>
        oauth.refreshTokenGrantRequest(server, client, proves, tokens.refresh_token ?? '', {
          DPoP,
          ...http,
        }),
      (response) => oauth.processRefreshTokenResponse(server, client, response),
    );
    expect(decodeJwt(again.id_token ?? '').sub).toBe(sub);
  });
});
