import { hash } from 'node:crypto';
import { type CryptoKey, decodeJwt, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import type { Viewer } from './viewer.ts';

/** A key for internal tokens, as JWK (Ed25519): private at the gateway, public at the subgraphs. */
export type InternalKey = JWK;

const ISSUER = 'urn:7pay:gateway';
const LIFE_SECONDS = 60;
const imported = new WeakMap<object, Promise<CryptoKey | Uint8Array>>();

function keyOf(jwk: InternalKey): Promise<CryptoKey | Uint8Array> {
  const known = imported.get(jwk) ?? importJWK(jwk, 'EdDSA');
  imported.set(jwk, known);
  return known;
}

/** Signs who asks, for one subgraph, for at most a minute. */
export async function mintInternalToken(
  key: InternalKey,
  options: { viewer: Viewer; subgraph: string; now: Date },
): Promise<string> {
  const issuedAt = Math.floor(options.now.getTime() / 1_000);
  return new SignJWT({ viewer: options.viewer })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'internal+jwt' })
    .setIssuer(ISSUER)
    .setAudience(`urn:7pay:subgraph:${options.subgraph}`)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFE_SECONDS)
    .sign(await keyOf(key));
}

/**
 * Reads an internal token. A token for another subgraph, of another key, expired, or of another type
 * (an access token of 7iD, say) is refused.
 * @throws an error of jose when the token does not hold
 */
export async function verifyInternalToken(
  key: InternalKey,
  options: { token: string; subgraph: string; now: Date },
): Promise<Viewer> {
  const { payload } = await jwtVerify<{ viewer: Viewer }>(options.token, await keyOf(key), {
    algorithms: ['EdDSA'],
    typ: 'internal+jwt',
    issuer: ISSUER,
    audience: `urn:7pay:subgraph:${options.subgraph}`,
    currentDate: options.now,
    maxTokenAge: LIFE_SECONDS + 5,
    requiredClaims: ['exp', 'iat', 'viewer'],
  });
  return payload.viewer;
}

const KEPT_TOKENS = 10_000;

/**
 * Reads viewers from internal tokens for one subgraph. A token that held is kept until it expires, so that each
 * is verified once; one that does not hold gives nothing.
 */
export function viewerReader(
  key: InternalKey,
  { subgraph, clock }: { subgraph: string; clock: { now(): Date } },
): (token: string) => Promise<Viewer | undefined> {
  const kept = new Map<string, { viewer: Viewer; until: number }>();
  return async (token) => {
    const digest = hash('sha256', token, 'base64');
    const now = clock.now();
    const known = kept.get(digest);
    if (known) return known.until > now.getTime() ? known.viewer : undefined;
    const viewer = await verifyInternalToken(key, { token, subgraph, now }).catch(() => undefined);
    if (!viewer) return undefined;
    if (kept.size >= KEPT_TOKENS) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    kept.set(digest, { viewer, until: (decodeJwt(token).exp ?? 0) * 1_000 });
    return viewer;
  };
}
