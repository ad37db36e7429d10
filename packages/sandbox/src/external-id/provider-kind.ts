import { type KeyObject, verify } from 'node:crypto';

/** The ways in which well-known providers differ, as far as a client notices. */
export type ProviderKind = 'plain' | 'line' | 'yahoo-japan' | 'google' | 'apple';

export interface Kind {
  /** What its ID tokens are signed with. */
  readonly alg: 'ES256' | 'RS256' | 'HS256';
  readonly authentication: 'client_secret_basic' | 'client_secret_post';
  /** Whether the client's secret is a JWT that the client signs. */
  readonly signedSecret: boolean;
  readonly needsNonce: boolean;
  readonly needsFormPost: boolean;
  /** Whether its ID tokens tell what to call the person. */
  readonly tellsName: boolean;
  /** Whether its ID tokens name the access token that they came with (`at_hash`). */
  readonly hashesAccessToken: boolean;
}

const PLAIN: Kind = {
  alg: 'ES256',
  authentication: 'client_secret_basic',
  signedSecret: false,
  needsNonce: false,
  needsFormPost: false,
  tellsName: true,
  hashesAccessToken: false,
};

export const KINDS: Readonly<Record<ProviderKind, Kind>> = {
  plain: PLAIN,
  line: { ...PLAIN, alg: 'HS256', authentication: 'client_secret_post' },
  'yahoo-japan': { ...PLAIN, alg: 'RS256', needsNonce: true, hashesAccessToken: true },
  google: { ...PLAIN, alg: 'RS256', authentication: 'client_secret_post' },
  apple: {
    ...PLAIN,
    alg: 'RS256',
    authentication: 'client_secret_post',
    signedSecret: true,
    needsFormPost: true,
    tellsName: false,
  },
};

/** Whether a request has what these ask for and OpenID Connect leaves open. */
export const fits = (
  { nonce, response_mode: mode }: Readonly<Record<string, unknown>>,
  { needsNonce, needsFormPost }: { needsNonce: boolean; needsFormPost: boolean },
): boolean =>
  (!needsNonce || typeof nonce === 'string') && (!needsFormPost || mode === 'form_post');

const SIX_MONTHS_SECONDS = 15_777_000;

/** Whether this is a client secret as "Sign in with Apple" takes it: a JWT of the account's key, for us and not for ever. */
export function isSignedSecret(
  text: string,
  expected: {
    key: KeyObject;
    keyId: string;
    teamId: string;
    clientId: string;
    issuer: string;
    nowSeconds: number;
  },
): boolean {
  const [head = '', body = '', signature = ''] = text.split('.');
  const { key, keyId, teamId, clientId, issuer, nowSeconds } = expected;
  try {
    const read = (part: string) =>
      JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
    const header = read(head);
    const claims = read(body);
    const exp = Number(claims['exp']);
    return (
      header['alg'] === 'ES256' &&
      header['kid'] === keyId &&
      claims['iss'] === teamId &&
      claims['sub'] === clientId &&
      claims['aud'] === issuer &&
      exp > nowSeconds &&
      exp <= nowSeconds + SIX_MONTHS_SECONDS &&
      verify(
        'sha256',
        Buffer.from(`${head}.${body}`),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      )
    );
  } catch {
    return false;
  }
}
