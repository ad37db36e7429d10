import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';

/** The headers in which the edge that ends TLS tells about the certificate of a client. */
export interface CertificateHeaders {
  /** The certificate: PEM, percent-encoded (nginx `$ssl_client_escaped_cert`). */
  readonly certificate: string;
  /** `SUCCESS` when an authority that the edge trusts has issued it (nginx `$ssl_client_verify`). */
  readonly verified: string;
}

// Names that edges use. Without the setting none of them reaches the provider; with it, its own two alone.
const KNOWN = [
  'x-client-cert',
  'x-ssl-client-cert',
  'x-forwarded-client-cert',
  'client-cert',
  'x-client-verify',
  'x-ssl-client-verify',
];

/**
 * Takes what could pass for a client certificate out of a request: anybody can write a header. With the
 * setting the edge must overwrite both headers on every request.
 */
export function stripCertificates(
  headers: IncomingHttpHeaders,
  setting: CertificateHeaders | undefined,
): void {
  const kept = new Set([setting?.certificate, setting?.verified]);
  for (const name of KNOWN) if (!kept.has(name)) delete headers[name];
}

type MutualTls = NonNullable<NonNullable<Configuration['features']>['mTLS']>;

/** Client authentication and token binding by certificate (RFC 8705); off without the setting. */
export function mutualTls(setting: CertificateHeaders | undefined): MutualTls {
  if (!setting) return { enabled: false };
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: true,
    getCertificate: (ctx) => certificateOf(ctx, setting),
    certificateAuthorized: (ctx) => headerOf(ctx, setting.verified) === 'SUCCESS',
    certificateSubjectMatches: (ctx, property, expected) => {
      const certificate = certificateOf(ctx, setting);
      if (!certificate) return false;
      if (property === 'tls_client_auth_subject_dn') return sameName(certificate, expected);
      // The other ways to name a certificate are not given to any client here.
      return false;
    },
  };
}

const headerOf = (ctx: KoaContextWithOIDC, name: string): string | undefined => {
  const value = (ctx as unknown as { req: { headers: IncomingHttpHeaders } }).req.headers[name];
  return typeof value === 'string' ? value : undefined;
};

function certificateOf(
  ctx: KoaContextWithOIDC,
  setting: CertificateHeaders,
): X509Certificate | undefined {
  const text = headerOf(ctx, setting.certificate);
  if (text === undefined || text.length > 16_000) return undefined;
  try {
    return new X509Certificate(decodeURIComponent(text));
  } catch {
    return undefined; // not a certificate is no certificate
  }
}

/** Compares by RFC 4514: most specific part first, as `CN=…,O=…,C=…`. */
function sameName({ subject }: X509Certificate, expected: string): boolean {
  const name = subject.split('\n').reverse().join(',');
  return name === expected.replaceAll(/,\s+/g, ',');
}
