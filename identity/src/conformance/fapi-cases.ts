import assert from 'node:assert/strict';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { aBrowser } from '../testing/browser.ts';
import { aKey, clientAssertion, dpopProof, requestObject } from '../testing/forged.ts';
import { APPS } from '../testing/running-identity.ts';
import {
  aCode,
  authorizeUrl,
  type FapiCase,
  type FapiCases,
  type FapiSuite,
  parametersOf,
  post,
  push,
  redeem,
  refused,
  userinfo,
  visit,
} from './fapi-suite.ts';

const now = () => Math.floor(Date.now() / 1_000);
const pushFails =
  (error: RegExp, fields: Record<string, string | undefined>): FapiCase =>
  async (suite) =>
    refused(await push(suite, suite.first, { fields }), error);
const assertionFails =
  (path: '/request' | '/token', claims: (suite: FapiSuite) => Record<string, unknown>): FapiCase =>
  async (suite) => {
    const answer =
      path === '/request'
        ? await push(suite, suite.first, { claims: claims(suite) })
        : await redeem(suite, await aCode(suite), { claims: claims(suite) });
    refused(answer, /^invalid_client$/);
  };
const redeems = async (suite: FapiSuite, bent: Parameters<typeof push>[2] = {}) => {
  const { status, body } = await redeem(suite, await aCode(suite, bent));
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};
async function rs256Assertion(suite: FapiSuite): Promise<string> {
  const { clientId } = suite.first;
  return clientAssertion(await aKey('RS256'), { clientId, audience: suite.running.issuer });
}

// The library's clock cannot be moved; what it stored can.
async function expireAll({ running }: FapiSuite, name: string): Promise<void> {
  const rows = running.connection.collection(name);
  for (const { _id, payload } of await rows.find().toArray()) {
    const past = JSON.stringify({ ...JSON.parse(String(payload)), exp: now() - 1 });
    await rows.updateOne({ _id }, { $set: { payload: past } });
  }
}

/** fapi2-security-profile-final-test-plan, plain_fapi, private_key_jwt, DPoP; named by the suite's classes. */
export const fapiCases: FapiCases = {
  FAPI2SPFinalDiscoveryEndpointVerification: async ({ running: { issuer } }) => {
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    assert.equal(metadata.pushed_authorization_request_endpoint, `${issuer}/request`);
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    assert.ok(metadata.dpop_signing_alg_values_supported.includes('ES256'));
    assert.ok(metadata.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
    const algs: string[] = metadata.token_endpoint_auth_signing_alg_values_supported;
    assert.ok(algs.every((alg) => ['ES256', 'PS256', 'EdDSA', 'Ed25519'].includes(alg)));
  },
  FAPI2SPFinalHappyFlow: async (suite) => {
    const { fields, back, pushed } = await aCode(suite);
    assert.equal(back.searchParams.get('iss'), suite.running.issuer);
    assert.equal(back.searchParams.get('state'), pushed.state);
    const { body } = await redeem(suite, { fields });
    assert.equal(body['token_type'], 'DPoP');
    assert.equal(decodeJwt(body['id_token'] ?? '')['nonce'], pushed.nonce);
    assert.equal(await userinfo(suite, body['access_token'] ?? ''), 200);
  },
  FAPI2SPFinalUserRejectsAuthentication: async (suite) => {
    const { requestUri = '' } = await push(suite);
    const browser = aBrowser({ leaveAt: APPS });
    const login = await browser.go(authorizeUrl(suite, suite.first, requestUri));
    const back = await browser.submit(login, '/abort');
    assert.equal(new URL(back.url).searchParams.get('error'), 'access_denied');
  },
  FAPI2SPFinalEnsureAuthorizationRequestWithoutStateSuccess: async (suite) => {
    await redeems(suite, { fields: { state: undefined } });
  },
  FAPI2SPFinalEnsureAuthorizationRequestWithoutNonceSuccess: async (suite) => {
    await redeems(suite, { fields: { nonce: undefined } });
  },
  FAPI2SPFinalEnsureAuthorizationRequestWith64CharNonceSuccess: async (suite) => {
    const nonce = 'n'.repeat(64);
    const body = await redeems(suite, { fields: { nonce } });
    assert.equal(decodeJwt(body['id_token'] ?? '')['nonce'], nonce);
  },
  FAPI2SPFinalEnsureOtherScopeOrderSucceeds: async (suite) => {
    await redeems(suite, { fields: { scope: 'profile openid' } });
  },
  FAPI2SPFinalTestClaimsParameterIdentityClaims: async (suite) => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    await redeems(suite, { fields: { claims } });
  },
  FAPI2SPFinalAccessTokenTypeHeaderCaseSensitivity: async (suite) => {
    const { access_token: token = '' } = await redeems(suite);
    assert.equal(await userinfo(suite, token, { scheme: 'dpop' }), 200);
  },
  FAPI2SPFinalCheckDpopProofNbfExp: async (suite) => {
    const claims = { nbf: now() - 5, exp: now() + 60 };
    const { status } = await redeem(suite, await aCode(suite), { proofClaims: claims });
    assert.equal(status, 200);
    const late = { nbf: now() - 120, exp: now() - 60 };
    refused(await redeem(suite, await aCode(suite), { proofClaims: late }), /invalid_dpop_proof/);
  },
  FAPI2SPFinalEnsureDpopProofWithIat10SecondsBeforeSucceeds: async (suite) => {
    const proofClaims = { iat: now() - 10 };
    assert.equal((await redeem(suite, await aCode(suite), { proofClaims })).status, 200);
  },
  FAPI2SPFinalEnsureDpopProofWithIat10SecondsAfterSucceeds: async (suite) => {
    const proofClaims = { iat: now() + 10 };
    assert.equal((await redeem(suite, await aCode(suite), { proofClaims })).status, 200);
  },
  FAPI2SPFinalEnsureMismatchedDpopJktFails: async (suite) => {
    refused(await push(suite, suite.first, { fields: { dpop_jkt: 'x'.repeat(43) } }), /invalid_/);
  },
  FAPI2SPFinalEnsureTokenEndpointFailsWithMismatchedDpopProofJkt: async (suite) => {
    refused(await redeem(suite, await aCode(suite), { dpopKey: await aKey() }), /invalid_grant/);
  },
  FAPI2SPFinalEnsureTokenEndpointFailsWithMismatchedDpopJkt: async (suite) => {
    const code = await aCode(suite, { proof: null, fields: { dpop_jkt: 'x'.repeat(43) } });
    refused(await redeem(suite, code), /invalid_grant/);
  },
  FAPI2SPFinalEnsureDpopProofAtParEndpointBindingSuccess: async (suite) => {
    await redeems(suite);
  },
  FAPI2SPFinalEnsureDpopAuthCodeBindingSuccess: async (suite) => {
    await redeems(suite, { proof: null });
  },
  FAPI2SPFinalEnsureAuthorizationRequestWithLongNonce: async (suite) => {
    await redeems(suite, { fields: { nonce: 'n'.repeat(384) } });
  },
  FAPI2SPFinalEnsureAuthorizationRequestWithLongState: async (suite) => {
    const state = 's'.repeat(384);
    const { back } = await aCode(suite, { fields: { state } });
    assert.equal(back.searchParams.get('state'), state);
  },
  FAPI2SPFinalEnsureRegisteredRedirectUri: pushFails(/invalid_request/, {
    redirect_uri: `${APPS}not-registered`,
  }),
  FAPI2SPFinalTolerateUnregisteredRedirectUri: pushFails(/invalid_request/, {
    redirect_uri: `${APPS}not-registered/at-all`,
  }),
  FAPI2SPFinalEnsureUnsignedAuthorizationRequestWithoutUsingParFails: async (suite) => {
    const { fields } = await parametersOf(suite.first);
    const query = new URLSearchParams(fields as Record<string, string>);
    query.set('client_id', suite.first.clientId);
    const page = await aBrowser({ leaveAt: APPS }).go(`${suite.running.issuer}/auth?${query}`);
    assert.match(page.url + page.text, /invalid_request/);
    assert.ok(!page.url.includes('code='));
  },
  FAPI2SPFinalEnsureRedirectUriInAuthorizationRequest: pushFails(/invalid_request/, {
    redirect_uri: undefined,
  }),
  FAPI2SPFinalEnsureResponseTypeCodeIdTokenFails: pushFails(/unsupported_response_type/, {
    response_type: 'code id_token',
  }),
  FAPI2SPFinalEnsureResponseTypeTokenFails: pushFails(/unsupported_response_type/, {
    response_type: 'token',
  }),
  FAPI2SPFinalEnsureClientIdInTokenEndpoint: async (suite) => {
    const { clientId } = suite.second;
    const answer = await redeem(suite, await aCode(suite), { fields: { client_id: clientId } });
    refused(answer, /invalid_(client|request)/);
  },
  FAPI2SPFinalEnsureHolderOfKeyRequired: async (suite) => {
    refused(await redeem(suite, await aCode(suite, { proof: null }), { proof: null }), /invalid_/);
    const { access_token: token = '' } = await redeems(suite);
    assert.equal(await userinfo(suite, token, { scheme: 'Bearer', proof: null }), 401);
  },
  FAPI2SPFinalEnsureAuthorizationCodeIsBoundToClient: async (suite) => {
    refused(await redeem(suite, await aCode(suite), {}, suite.second), /invalid_grant/);
  },
  FAPI2SPFinalAttemptReuseAuthorizationCodeAfterOneSecond: async (suite) => {
    const code = await aCode(suite);
    const { body } = await redeem(suite, code);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    refused(await redeem(suite, code), /invalid_grant/);
    assert.equal(await userinfo(suite, body['access_token'] ?? ''), 401);
  },
  FAPI2SPFinalAttemptToUseExpiredAuthCode: async (suite) => {
    const code = await aCode(suite);
    await expireAll(suite, 'identity_authorizationCode');
    refused(await redeem(suite, code), /invalid_grant/);
  },
  FAPI2SPFinalPARAttemptToUseExpiredRequestUri: async (suite) => {
    const { requestUri = '' } = await push(suite);
    await expireAll(suite, 'identity_pushedAuthorizationRequest');
    const page = await aBrowser({ leaveAt: APPS }).go(authorizeUrl(suite, suite.first, requestUri));
    assert.match(page.text + page.url, /invalid_request_uri/);
  },
  FAPI2SPFinalEnsureSignedClientAssertionWithRS256Fails: async (suite) => {
    const assertion = await rs256Assertion(suite);
    refused(await redeem(suite, await aCode(suite), { assertion }), /^invalid_client$/);
  },
  FAPI2SPFinalEnsureClientAssertionInTokenEndpoint: async (suite) => {
    refused(await redeem(suite, await aCode(suite), { assertion: null }), /^invalid_client$/);
  },
  FAPI2SPFinalEnsureClientAssertionWithExpIs5MinutesInPastFails: assertionFails('/token', () => ({
    iat: now() - 360,
    exp: now() - 300,
  })),
  FAPI2SPFinalEnsureClientAssertionWithWrongAudFails: assertionFails('/token', () => ({
    aud: 'https://another.example',
  })),
  FAPI2SPFinalEnsureClientAssertionWithNoSubFails: async (suite) => {
    const answer = await redeem(suite, await aCode(suite), { claims: { sub: undefined } });
    refused(answer, /^invalid_client$/);
  },
  FAPI2SPFinalDpopNegativeTests: async (suite) => {
    const url = `${suite.running.issuer}/token`;
    const { dpopKey } = suite.first;
    const { privateKey, jwk } = dpopKey;
    const wrong: [string, string][] = [
      ['no proof of ours', 'x.y.z'],
      ['another method', await dpopProof(dpopKey, { url, method: 'GET' })],
      ['another address', await dpopProof(dpopKey, { url: `${url}/other` })],
      ['no id', await dpopProof(dpopKey, { url }, { claims: { jti: undefined } as never })],
      ['no instant', await dpopProof(dpopKey, { url }, { claims: { iat: undefined } as never })],
      ['another type', await dpopProof(dpopKey, { url }, { header: { typ: 'jwt' } })],
      ['no key', await dpopProof(dpopKey, { url }, { header: { jwk: undefined } })],
      ['another key', await dpopProof(dpopKey, { url }, { header: { jwk: (await aKey()).jwk } })],
      ['no signature', new UnsecuredJWT({ htm: 'POST', htu: url, jti: 'x' }).encode()],
      ['a nonce of nobody', await dpopProof(dpopKey, { url, nonce: 'made-up' })],
      [
        'its private key',
        await new SignJWT({ htm: 'POST', htu: url, jti: 'y', iat: now() })
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { ...jwk, d: 'x' } as never })
          .sign(privateKey),
      ],
    ];
    const { fields } = await aCode(suite);
    for (const [what, proof] of wrong) {
      const { body } = await redeem(suite, { fields }, { proof });
      assert.match(body['error'] ?? `${what} was taken`, /invalid_dpop_proof|use_dpop_nonce/, what);
    }
    // None of them has used the code.
    assert.equal((await redeem(suite, { fields })).status, 200);
  },
  FAPI2SPFinalRefreshToken: async (suite) => {
    const fields = { scope: 'openid offline_access', prompt: 'consent' };
    const { refresh_token: token } = await redeems(suite, { fields });
    const grant = { grant_type: 'refresh_token', refresh_token: token };
    const again = await post(suite, suite.first, '/token', grant);
    assert.equal(again.status, 200, JSON.stringify(again.body));
    // Not rotated: the client proves itself each time, and so it may also come with another key (RFC 9449 §5).
    assert.equal(again.body['refresh_token'], token);
    refused(await post(suite, suite.second, '/token', grant), /invalid_grant/);
  },
  FAPI2SPFinalPAREnsureServerAcceptsReusedRequestUriBeforeAuthenticationCompletion: async (
    suite,
  ) => {
    const { requestUri = '' } = await push(suite);
    const browser = aBrowser({ leaveAt: APPS });
    await browser.go(authorizeUrl(suite, suite.first, requestUri));
    const back = await visit(suite, suite.first, requestUri, browser);
    assert.ok(back.searchParams.get('code'));
  },
  FAPI2SPFinalPARAttemptReuseRequestUri: async (suite) => {
    const { pushed } = await aCode(suite);
    const page = await aBrowser({ leaveAt: APPS }).go(
      authorizeUrl(suite, suite.first, pushed.requestUri ?? ''),
    );
    assert.match(page.text + page.url, /invalid_request_uri/);
  },
  FAPI2SPFinalPAREnsureJWTClientAssertionWithIatNbf8SecondsInTheFutureIsAccepted: async (suite) => {
    const claims = { iat: now() + 8, nbf: now() + 8 };
    assert.equal((await push(suite, suite.first, { claims })).status, 201);
  },
  FAPI2SPFinalPAREnsureJWTClientAssertionWithIatNbfOver60SecondsInTheFutureFails: assertionFails(
    '/request',
    () => ({ iat: now() + 70, nbf: now() + 70, exp: now() + 130 }),
  ),
  FAPI2SPFinalPAREnsureRequestUriIsBoundToClient: async (suite) => {
    const { requestUri = '' } = await push(suite);
    const page = await aBrowser({ leaveAt: APPS }).go(
      authorizeUrl(suite, suite.second, requestUri),
    );
    assert.match(page.text + page.url, /invalid_request/);
  },
  FAPI2SPFinalPARRejectRequestUriInParAuthorizationFormParams: pushFails(
    /request_uri|invalid_request/,
    {
      request_uri: 'urn:ietf:params:oauth:request_uri:x',
    },
  ),
  FAPI2SPFinalPARRejectRequestUriInParAuthorizationRequest: async (suite) => {
    const { clientId, key } = suite.first;
    const request = await requestObject(
      key,
      { client_id: clientId, request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      suite.running.issuer,
    );
    refused(await push(suite, suite.first, { fields: { request } }), /invalid_request/);
  },
  FAPI2SPFinalPARRejectInvalidHttpVerb: async (suite) => {
    for (const method of ['GET', 'PUT']) {
      const { status } = await push(suite, suite.first, { method });
      assert.ok(status === 404 || status === 405, String(status));
    }
  },
  FAPI2SPFinalPAREnsurePKCERequired: pushFails(/invalid_request/, {
    code_challenge: undefined,
    code_challenge_method: undefined,
  }),
  FAPI2SPFinalPAREnsurePlainPKCERejected: pushFails(/invalid_request/, {
    code_challenge_method: 'plain',
  }),
  FAPI2SPFinalPAREnsurePKCECodeVerifierRequired: async (suite) => {
    const fields = { code_verifier: undefined };
    refused(await redeem(suite, await aCode(suite), { fields }), /invalid_(grant|request)/);
  },
  FAPI2SPFinalPARIncorrectPKCECodeVerifierRejected: async (suite) => {
    const fields = { code_verifier: 'v'.repeat(43) };
    refused(await redeem(suite, await aCode(suite), { fields }), /invalid_grant/);
  },
  FAPI2SPFinalParWithoutDuplicateParameters: async (suite) => {
    const { requestUri = '' } = await push(suite);
    const url = `${authorizeUrl(suite, suite.first, requestUri)}&scope=openid%20wallet&state=other`;
    const browser = aBrowser({ leaveAt: APPS });
    const page = await browser.go(url);
    assert.ok(page.text.includes('autocomplete="current-password"')); // what stands outside counts for nothing
  },
  FAPI2SPFinalPAREndpointAsArrayAudienceFails: assertionFails('/request', ({ running }) => ({
    aud: [running.issuer],
  })),
  FAPI2SPFinalPAREndpointAsAudienceFails: assertionFails('/request', ({ running }) => ({
    aud: `${running.issuer}/request`,
  })),
  FAPI2SPFinalPARTokenEndpointAsAudienceFails: assertionFails('/request', ({ running }) => ({
    aud: `${running.issuer}/token`,
  })),
};
