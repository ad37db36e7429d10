import { importJWK, type JWK, SignJWT } from 'jose';

/** Makes access tokens as 7iD makes them, for tests that are not about logging in. */
export interface TokenMint {
  member(memberId: string, claims?: Record<string, unknown>): Promise<string>;
  /** With every duty unless `roles` says otherwise. */
  operator(memberId: string, claims?: Record<string, unknown>): Promise<string>;
  terminal(place: { terminalId: string; storeId: string; merchantId: string }): Promise<string>;
  /** Any claims, header and key: for tokens that must be refused. */
  forge(
    claims: Record<string, unknown>,
    header?: Record<string, unknown>,
    key?: JWK,
  ): Promise<string>;
}

const MEMBER_SCOPES = 'openid wallet points refund merchant';

/** A mint with the signing key of the platform under test. */
export function tokenMint(options: {
  issuer: string;
  audience: string;
  key: JWK;
  /** How long tokens live; five minutes, as those of 7iD, unless a test asks for longer. */
  livesSeconds?: number;
}): TokenMint {
  const { livesSeconds = 300 } = options;
  const forge: TokenMint['forge'] = async (claims, header = {}, key = options.key) => {
    const now = Math.floor(Date.now() / 1_000);
    const all = {
      iss: options.issuer,
      aud: options.audience,
      iat: now,
      exp: now + livesSeconds,
      ...claims,
    };
    return new SignJWT(all)
      .setProtectedHeader({
        alg: 'ES256',
        typ: 'at+jwt',
        kid: options.key.kid as string,
        ...header,
      })
      .sign(await importJWK(key, 'ES256'));
  };
  const person = (sub: string, claims: Record<string, unknown>) => {
    const now = Math.floor(Date.now() / 1_000);
    return { sub, acr: 'urn:7id:acr:3', amr: ['hwk', 'user'], auth_time: now, ...claims };
  };
  return {
    forge,
    member: (memberId, claims = {}) =>
      forge(person(memberId, { client_id: 'seven-eleven-app', scope: MEMBER_SCOPES, ...claims })),
    operator: (memberId, claims = {}) =>
      forge(
        person(memberId, {
          client_id: 'operator-console',
          scope: 'openid operations merchant refund',
          roles: ['operator', 'support', 'security', 'finance', 'onboarding', 'auditor'],
          ...claims,
        }),
      ),
    terminal: ({ terminalId, storeId, merchantId }) => {
      const client = `terminal-${terminalId}`;
      return forge({
        sub: client,
        client_id: client,
        scope: 'terminal',
        terminal_id: terminalId,
        store_id: storeId,
        merchant_id: merchantId,
      });
    },
  };
}
