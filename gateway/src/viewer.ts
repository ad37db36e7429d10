import type { LoginFacts, LoginVerdict } from '@7pay/controls';
import type { Viewer } from '@7pay/graphql';
import type { Locale } from '@7pay/refusals';
import type { IncomingHttpHeaders } from 'node:http';
import type { VerifyDpopProof } from './token/dpop-proof.ts';
import { TokenRefused } from './token/token-refused.ts';
import type { AccessTokenClaims, VerifyAccessToken } from './token/verify-access-token.ts';
import { viewerOfRequest } from './viewer-of-request.ts';

/** Who asks, from the headers of a request. @throws TokenRefused when a token is there and does not hold */
export type ReadViewer = (headers: IncomingHttpHeaders, requestId: string) => Promise<Viewer>;

/**
 * Judges the login behind a token by what the controls last told (docs/adr/0023-a-token-lasts-as-long-as-its-login.md,
 * docs/adr/0031-one-gate-for-every-login.md). In memory: it is asked for each request.
 */
export type JudgeLogin = (login: LoginFacts) => LoginVerdict;

/**
 * Reads the viewer from a verified access token. No token makes an anonymous viewer; a bad one, or one whose login has ended,
 * makes none. Verified tokens are kept, but whether their login has ended is asked each time.
 */
export const readViewer = (
  verify: VerifyAccessToken,
  verifyProof: VerifyDpopProof,
  judge: JudgeLogin,
): ReadViewer => {
  // Verified claims are kept and never changed: what is made of them is the same for each request.
  const known = new WeakMap<AccessTokenClaims, Map<Locale, Viewer>>();
  const viewerIn = (
    claims: AccessTokenClaims,
    locale: Locale,
    withoutScopes: readonly string[],
  ): Viewer => {
    if (withoutScopes.length > 0) return viewerOf(claims, locale, withoutScopes); // for as long as a cut-off lasts
    const byLocale = known.get(claims) ?? new Map<Locale, Viewer>();
    known.set(claims, byLocale);
    const viewer = byLocale.get(locale) ?? viewerOf(claims, locale, []);
    byLocale.set(locale, viewer);
    return viewer;
  };
  return async (headers, requestId) => {
    const locale = localeOf(headers['accept-language']);
    const { authorization } = headers;
    if (authorization === undefined) {
      return { kind: 'anonymous', locale, requestId, clientId: null, scopes: [] };
    }
    const [, scheme, token] = /^(Bearer|DPoP) ([\w.-]{20,4096})$/i.exec(authorization) ?? [];
    const claims = token === undefined ? undefined : await verify(token);
    if (token === undefined || !claims) throw new TokenRefused('invalidToken');
    const verdict = judge(loginOf(claims));
    if (!verdict.holds) throw new TokenRefused('invalidToken');

    // RFC 9449 §7.2: a token that is bound to a key is no bearer token; and none that is not bound passes for one.
    const thumbprint = claims.cnf?.jkt;
    const isShownWithKey = scheme?.toLowerCase() === 'dpop';
    if (isShownWithKey !== (thumbprint !== undefined)) throw new TokenRefused('wrongScheme');
    if (thumbprint !== undefined) {
      const proof = proofIn(headers);
      const bound = { token, thumbprint, holder: holderOf(claims) };
      const holds = proof !== undefined && (await verifyProof(proof, bound));
      if (!holds) throw new TokenRefused('invalidProof');
    }
    return viewerOfRequest(viewerIn(claims, locale, verdict.withoutScopes), requestId);
  };
};

/** How the login behind a token was made. A terminal shows its key for each token: that is all the login it has. */
export const loginOf = (claims: Partial<AccessTokenClaims>): LoginFacts => ({
  amr: claims.amr,
  atSeconds: claims.terminal_id === undefined ? claims.auth_time : claims.iat,
  isClientsOwn: claims.terminal_id !== undefined,
  generation: claims.gen,
  clientId: claims.client_id,
  forClientId: claims.client_id,
  network: claims.net,
  country: claims.cc,
  sessionUid: claims.sid,
  grantId: claims.gid,
  memberId: claims.agreed_by ?? claims.sub,
  issuedAtSeconds: claims.iat,
});

/** Whose a token is, by which app: the member who agreed, where it is for a payment. */
const holderOf = ({ client_id, sub, agreed_by }: AccessTokenClaims): string =>
  `${client_id} ${agreed_by ?? sub}`;

/** The one proof of a request; several arrive in one text, which is none. */
function proofIn({ dpop }: IncomingHttpHeaders): string | undefined {
  const given = typeof dpop === 'string' ? dpop : undefined;
  return given !== undefined && /^[\w.-]{20,4096}$/.test(given) ? given : undefined;
}

/** The viewer of a token, for no request yet. */
function viewerOf(
  claims: AccessTokenClaims,
  locale: Locale,
  withoutScopes: readonly string[],
): Viewer {
  const common = {
    locale,
    requestId: '',
    clientId: claims.client_id,
    scopes: claims.scope
      .split(' ')
      .filter((scope) => scope !== '' && !withoutScopes.includes(scope)),
    ...(claims.gen === undefined ? {} : { generation: claims.gen }),
  };
  const { terminal_id, store_id, merchant_id } = claims;
  if (terminal_id !== undefined && store_id !== undefined && merchant_id !== undefined) {
    const place = { terminalId: terminal_id, storeId: store_id, merchantId: merchant_id };
    return { ...common, kind: 'terminal', ...place };
  }
  const agreed = claims.authorization_details?.[0];
  // Whoever shows it, with whatever scopes: it is for that payment and nothing else.
  if (agreed) {
    if (claims.agreed_by === undefined) throw new TokenRefused('invalidToken');
    const { amount, payee, paymentId } = agreed;
    return {
      ...common,
      kind: 'agreement',
      memberId: claims.agreed_by,
      acr: claims.acr ?? 'urn:7id:acr:1',
      authTime: claims.auth_time ?? 0,
      agreed: {
        paymentId,
        merchantId: payee.merchantId,
        currency: amount.currency,
        amount: amount.value,
      },
    };
  }
  // A client's own token (sub = client_id) that is no terminal's speaks for nobody.
  if (claims.sub === claims.client_id) throw new TokenRefused('invalidToken');
  return {
    ...common,
    kind: 'member',
    memberId: claims.sub,
    acr: claims.acr ?? 'urn:7id:acr:1',
    authTime: claims.auth_time ?? 0,
    ...(claims.sid === undefined ? {} : { sessionUid: claims.sid }),
    ...(claims.amr && { amr: claims.amr }),
    ...(claims.net === undefined ? {} : { network: claims.net }),
    ...(claims.cc === undefined ? {} : { country: claims.cc }),
    roles: claims.roles ?? [],
  };
}

/** Japanese unless English is asked for first. */
const localeOf = (header: string | undefined): Locale =>
  /^\s*en\b/i.test(header ?? '') ? 'en' : 'ja';
