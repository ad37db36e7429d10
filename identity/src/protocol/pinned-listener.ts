import type { RequestListener } from 'node:http';
import { stripCertificates } from '../client/client-certificate.ts';
import type { IdentitySettings } from '../settings.ts';

/**
 * The library makes addresses (of its endpoints, of ways back, of DPoP proofs) from the Host header. The issuer is the only host
 * there is, whatever a request or a proxy says.
 */
export function pinnedListener(
  settings: Pick<IdentitySettings, 'issuer' | 'clientCertificates'>,
  listener: RequestListener,
): RequestListener {
  const { host, protocol } = new URL(settings.issuer);
  return (request, response) => {
    request.headers.host = host;
    delete request.headers['x-forwarded-host'];
    stripCertificates(request.headers, settings.clientCertificates);
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    listener(request, response);
  };
}
