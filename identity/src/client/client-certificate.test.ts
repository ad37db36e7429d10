import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEDGER_CERTIFICATE, OTHER_CERTIFICATE } from '../testing/certificates.ts';
import { aKey } from '../testing/forged.ts';
import { fapiPartner } from '../testing/partner.ts';
import { APPS, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { stripCertificates } from './client-certificate.ts';

let running: RunningIdentity;
let withoutEdge: RunningIdentity;
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
