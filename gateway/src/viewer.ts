import { unauthenticated, type Viewer } from '@7pay/graphql';
import type { Locale } from '@7pay/refusals';
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessTokenClaims, VerifyAccessToken } from './token/verify-access-token.ts';

/** Who asks, from the headers of a request. @throws UNAUTHENTICATED when a token is there and does not hold */
export type ReadViewer = (headers: IncomingHttpHeaders, requestId: string) => Promise<Viewer>;

/** Reads the viewer from a verified access token. No token makes an anonymous viewer; a bad one makes none. */
export const readViewer =
  (verify: VerifyAccessToken): ReadViewer =>
  async (headers, requestId) => {
    const locale = localeOf(headers['accept-language']);
    const { authorization } = headers;
    if (authorization === undefined) {
      return { kind: 'anonymous', locale, requestId, clientId: null, scopes: [] };
    }
    const token = /^Bearer ([\w.-]{20,4096})$/i.exec(authorization)?.[1];
    const claims = token === undefined ? undefined : await verify(token);
    if (!claims) throw unauthenticated();
    return viewerOf(claims, locale, requestId);
  };

function viewerOf(claims: AccessTokenClaims, locale: Locale, requestId: string): Viewer {
  const common = {
    locale,
    requestId,
    clientId: claims.client_id,
    scopes: claims.scope.split(' ').filter((scope) => scope !== ''),
    ...(claims.gen === undefined ? {} : { generation: claims.gen }),
  };
  const { terminal_id, store_id, merchant_id } = claims;
  if (terminal_id !== undefined && store_id !== undefined && merchant_id !== undefined) {
    const place = { terminalId: terminal_id, storeId: store_id, merchantId: merchant_id };
    return { ...common, kind: 'terminal', ...place };
  }
  // A client's own token (sub = client_id) that is no terminal's speaks for nobody.
  if (claims.sub === claims.client_id) throw unauthenticated();
  return {
    ...common,
    kind: 'member',
    memberId: claims.sub,
    acr: claims.acr ?? 'urn:7id:acr:1',
    authTime: claims.auth_time ?? 0,
    roles: claims.roles ?? [],
  };
}

/** Japanese unless English is asked for first. */
const localeOf = (header: string | undefined): Locale =>
  /^\s*en\b/i.test(header ?? '') ? 'en' : 'ja';
