import { GraphQLError } from 'graphql';
import { unauthenticated } from '@7pay/graphql';
import { PROOF_ALGORITHMS } from './dpop-proof.ts';

const DPOP = `algs="${PROOF_ALGORITHMS.join(' ')}"`;

/** What a client is told in WWW-Authenticate (RFC 6750 §3, RFC 9449 §7.1). */
const CHALLENGES = {
  /** The token does not hold. */
  invalidToken: 'Bearer error="invalid_token"',
  /** A token that is bound to a key was sent without it, or one that is not was sent as if it were. */
  wrongScheme: `DPoP error="invalid_token", ${DPOP}`,
  invalidProof: `DPoP error="invalid_dpop_proof", ${DPOP}`,
} as const;

/** What a client is told whose token holds, when its login is too old for what it asks (RFC 9470 §3). */
export const freshLoginChallenge = (maxAge: number): string =>
  `Bearer error="insufficient_user_authentication", error_description="A more recent authentication is required", max_age="${maxAge}"`;

/** A token that is there and does not hold. */
export class TokenRefused extends GraphQLError {
  readonly challenge: string;

  constructor(why: keyof typeof CHALLENGES) {
    const { message, extensions } = unauthenticated();
    super(message, { extensions });
    this.challenge = CHALLENGES[why];
  }
}
