import { createHash } from 'node:crypto';
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { ExternalProvider } from './external-id.ts';

/** What an ID token was found wrong in, for the log. */
export type IdTokenFault =
  | 'alg'
  | 'signature'
  | 'iss'
  | 'aud'
  | 'azp'
  | 'sub'
  | 'nonce'
  | 'exp'
  | 'iat'
  | 'at_hash'
  | 'hd';

/** An ID token that is none. */
export class IdTokenRejected extends Error {
  readonly fault: IdTokenFault;
  constructor(fault: IdTokenFault, cause?: unknown) {
    super(`the ID token is wrong in ${fault}`, { cause });
    this.fault = fault;
  }
}

const CLOCKS_APART_SECONDS = 30;
const AGE_SECONDS_MAX = 5 * 60; // it was made for the code that was redeemed a moment ago
const SUBJECT_LENGTH_MAX = 255; // OIDC Core §2

type Party = Pick<
  ExternalProvider,
  'issuer' | 'clientId' | 'clientSecret' | 'profile' | 'hostedDomain'
>;

/**
 * Checks an ID token in full (OIDC Core §3.1.3.7), by the profile of its provider: algorithm, signature, `iss`, `aud`, `azp`,
 * `exp`, `iat`, nonce, `at_hash`, and `hd` where the settings name a domain. `keys` are those that the provider publishes.
 * @throws IdTokenRejected with the first thing that is wrong
 */
export async function checkIdToken(
  token: string,
  party: Party,
  expected: { nonce: string; accessToken: string; keys: JWTVerifyGetKey; at: Date },
): Promise<JWTPayload & { sub: string }> {
  const { issuer, clientId, profile, hostedDomain } = party;
  const { nonce, accessToken, at } = expected;
  const claims = await verified(token, party, expected);

  if (claims.iss !== issuer) throw new IdTokenRejected('iss');
  const audience = [claims.aud ?? []].flat();
  if (!audience.includes(clientId)) throw new IdTokenRejected('aud');
  const { azp } = claims as { azp?: unknown };
  if (azp === undefined ? audience.length > 1 : azp !== clientId) throw new IdTokenRejected('azp');
  const { sub } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > SUBJECT_LENGTH_MAX) {
    throw new IdTokenRejected('sub');
  }
  if (claims['nonce'] !== nonce) throw new IdTokenRejected('nonce');
  const now = at.getTime() / 1_000;
  const { exp, iat } = claims;
  if (typeof exp !== 'number' || exp <= now - CLOCKS_APART_SECONDS)
    throw new IdTokenRejected('exp');
  const ageSeconds = typeof iat === 'number' ? now - iat : Infinity;
  if (ageSeconds > AGE_SECONDS_MAX || ageSeconds < -CLOCKS_APART_SECONDS) {
    throw new IdTokenRejected('iat');
  }
  const hash = claims['at_hash'];
  if (hash === undefined ? profile.needsAccessTokenHash : hash !== leftHalf(accessToken)) {
    throw new IdTokenRejected('at_hash');
  }
  if (hostedDomain !== undefined && claims['hd'] !== hostedDomain) throw new IdTokenRejected('hd');
  return { ...claims, sub };
}

// The algorithm chooses the kind of key before the token does: a public key is never a secret.
async function verified(
  token: string,
  { profile, clientSecret }: Party,
  { keys }: { keys: JWTVerifyGetKey },
): Promise<JWTPayload> {
  const alg = algorithmOf(token);
  const allowed = profile.idTokenAlgorithms.find((one) => one === alg);
  if (!allowed) throw new IdTokenRejected('alg');
  const always = new Date(0); // times are judged above, by our own clock and with names of their own
  const rules = {
    algorithms: [allowed],
    currentDate: always,
    clockTolerance: Number.MAX_SAFE_INTEGER,
  };
  try {
    const { payload } =
      allowed === 'HS256'
        ? await jwtVerify(token, new TextEncoder().encode(clientSecret), rules)
        : await jwtVerify(token, keys, rules);
    return payload;
  } catch (error) {
    // Keys that cannot be fetched are no fault of the token.
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) {
      throw new IdTokenRejected('signature', error);
    }
    throw error;
  }
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}

// OIDC Core §3.1.3.6: all algorithms that a profile may list hash with SHA-256.
const leftHalf = (accessToken: string): string =>
  createHash('sha256').update(accessToken, 'ascii').digest().subarray(0, 16).toString('base64url');
