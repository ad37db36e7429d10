import { createHash } from 'node:crypto';
import type { Clock } from '@7pay/time';
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from 'jose';
import { z } from 'zod';
import { usedProofs } from './used-proofs.ts';

/** The algorithms of proofs that 7iD and the graph take. */
export const PROOF_ALGORITHMS = ['ES256', 'Ed25519', 'EdDSA'] as const;

/** How old a proof may be, and how far ahead a clock may run, seconds. */
export const PROOF_SECONDS = 60;
const AHEAD_SECONDS = 5;

const claimsSchema = z.object({
  htm: z.literal('POST'),
  htu: z.url(),
  iat: z.number().int(),
  jti: z.string().min(8).max(200),
  ath: z.string(),
});

/** A token that is bound to the key with this thumbprint; `holder` is whose it is and by which app. */
export interface BoundToken {
  readonly token: string;
  readonly thumbprint: string;
  readonly holder: string;
}

/** Whether a proof holds for this token. It holds once. */
export type VerifyDpopProof = (proof: string, bound: BoundToken) => Promise<boolean>;

/**
 * Verifies DPoP proofs (RFC 9449 §4.3): type, algorithm, the public key that signed it and to which the token is
 * bound, method, address, time, digest of the token; and that the proof was not used here before.
 */
export function verifyDpopProof(options: {
  /** The address of the graph as its clients know it; what stands in the Host header proves nothing. */
  url: string;
  clock: Clock;
}): VerifyDpopProof {
  const { clock } = options;
  const url = addressOf(options.url);
  const used = usedProofs((PROOF_SECONDS + AHEAD_SECONDS) * 1_000);
  return async (proof, { token, thumbprint, holder }) => {
    const now = clock.now();
    const claims = await claimsOf(proof, thumbprint, now);
    if (!claims) return false;
    const age = now.getTime() / 1_000 - claims.iat;
    const holds =
      addressOf(claims.htu) === url &&
      age < PROOF_SECONDS &&
      age >= -AHEAD_SECONDS &&
      claims.ath === createHash('sha256').update(token).digest('base64url');
    return holds && used.take({ thumbprint, holder, jti: claims.jti }, now);
  };
}

async function claimsOf(
  proof: string,
  thumbprint: string,
  now: Date,
): Promise<z.infer<typeof claimsSchema> | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...PROOF_ALGORITHMS],
      typ: 'dpop+jwt',
      currentDate: now,
    });
    const signer = await calculateJwkThumbprint(protectedHeader.jwk as JWK, 'sha256');
    return signer === thumbprint ? claimsSchema.parse(payload) : undefined;
  } catch {
    return undefined;
  }
}

/** An address without query and fragment, as RFC 9449 compares them. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
