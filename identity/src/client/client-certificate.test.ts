import { createHash, X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEDGER_CERTIFICATE, OTHER_CERTIFICATE } from '../testing/certificates.ts';
import { aKey } from '../testing/forged.ts';
import { aPartner, fapiPartner } from '../testing/partner.ts';
import { aBrowser } from '../testing/browser.ts';
import {
  APPS,
  GRAPH,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { stripCertificates } from './client-certificate.ts';

let running: RunningIdentity;
let withoutEdge: RunningIdentity;
const MAIL = 'hana@example.jp';
const subjectDn = 'CN=ledger.partner.example,O=Partner Bank,C=JP';

beforeAll(async () => {
  const { publicKey, raw } = new X509Certificate(LEDGER_CERTIFICATE);
  const own = { ...publicKey.export({ format: 'jwk' }), kty: 'EC', x5c: [raw.toString('base64')] };
  const key = await aKey();
  running = await runIdentity({
    settings: { clientCertificates: { certificate: 'x-client-cert', verified: 'x-client-verify' } },
    clients: [
      fapiPartner('partner-ca', key, { authentication: { method: 'tls_client_auth', subjectDn } }),
      fapiPartner('partner-own', key, {
        authentication: { method: 'self_signed_tls_client_auth', jwks: { keys: [own] } },
      }),
    ],
  });
  await running.identity.registerMember({ mail: MAIL, displayName: 'はな', password: PASSWORD });
  withoutEdge = await runIdentity({ clients: [fapiPartner('partner-key', key)] });
});
afterAll(async () => {
  await running.stop();
  await withoutEdge.stop();
});

async function push(
  clientId: string,
  headers: Record<string, string>,
  to: RunningIdentity = running,
) {
  const answer = await fetch(`${to.issuer}/request`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: `${APPS}${clientId}/callback`,
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }),
  });
  const body = (await answer.json()) as { error?: string };
  return body.error ?? answer.status;
}
const told = (certificate: string, verified = 'SUCCESS') => ({
  'x-client-cert': encodeURIComponent(certificate),
  'x-client-verify': verified,
});

describe('a client certificate', () => {
  it.each([
    ['of the registered subject', 'partner-ca', told(LEDGER_CERTIFICATE), 201],
    ['of another subject', 'partner-ca', told(OTHER_CERTIFICATE), 'invalid_client'],
    [
      'that no authority vouches for',
      'partner-ca',
      told(LEDGER_CERTIFICATE, 'FAILED'),
      'invalid_client',
    ],
    ['that is missing', 'partner-ca', {}, 'invalid_client'],
    ['that is none', 'partner-ca', told('not a certificate'), 'invalid_client'],
    ['of its own', 'partner-own', told(LEDGER_CERTIFICATE, 'FAILED'), 201],
    ['of somebody else', 'partner-own', told(OTHER_CERTIFICATE), 'invalid_client'],
  ])('%s: %s gets %o → %s', async (_, clientId, headers, expected) => {
    expect(await push(clientId, headers as Record<string, string>)).toBe(expected);
  });

  it('binds the tokens of the client: nobody uses them without it', async () => {
    const headers = told(LEDGER_CERTIFICATE);
    const partner = await aPartner(running.issuer, 'partner-ca', {
      key: await aKey(),
      authentication: oidc.TlsClientAuth(),
    });
    const { configuration } = partner;
    configuration[oidc.customFetch] = (url, options) =>
      fetch(url, { ...(options as RequestInit), headers: { ...options.headers, ...headers } });
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const url = await oidc.buildAuthorizationUrlWithPAR(configuration, {
      redirect_uri: partner.redirectUri,
      scope: 'openid',
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      resource: GRAPH,
    });
    const browser = aBrowser({ leaveAt: APPS });
    const login = await browser.go(url);
    const consent = await browser.submit(login, '/login', { mail: MAIL, password: PASSWORD });
    const back = await browser.submit(consent, '/consent');
    const tokens = await oidc.authorizationCodeGrant(configuration, new URL(back.url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    const { raw } = new X509Certificate(LEDGER_CERTIFICATE);
    expect(decodeJwt(tokens.access_token)['cnf']).toEqual({
      'x5t#S256': createHash('sha256').update(raw).digest('base64url'),
    });
  });

  it('in a header that the setting does not name counts for nothing', async () => {
    const pem = encodeURIComponent(LEDGER_CERTIFICATE);
    const headers = { 'x-ssl-client-cert': pem, 'x-ssl-client-verify': 'SUCCESS' };
    expect(await push('partner-ca', headers)).toBe('invalid_client');
  });

  it('counts for nothing without the setting, and the header does not get in', async () => {
    expect(await push('partner-key', told(LEDGER_CERTIFICATE), withoutEdge)).toBe('invalid_client');
    const headers = { 'x-client-cert': 'forged', 'x-client-verify': 'SUCCESS', accept: '*/*' };
    stripCertificates(headers, undefined);
    expect(headers).toEqual({ accept: '*/*' });
    const metadata = await (
      await fetch(`${withoutEdge.issuer}/.well-known/openid-configuration`)
    ).json();
    expect(metadata.token_endpoint_auth_methods_supported).not.toContain('tls_client_auth');
  });
});
