import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** For what a challenge is good. */
export interface ChallengeFor {
  /** The interaction on whose page it stands. */
  readonly uid: string;
  /** Who must answer it; null when anybody may. */
  readonly memberId: string | null;
}

/**
 * Challenges of passkeys that are signed and not stored: a page that is only looked at writes nothing. That each is answered once
 * is the work of who takes the answer.
 */
export interface SignedChallenges {
  make(good: ChallengeFor, until: Date): Uint8Array<ArrayBuffer>;
  /** Whether we made it for that, and it is still good. */
  isGood(challenge: string, good: ChallengeFor, now: Date): boolean;
}

const RANDOM_BYTES = 16;
const UNTIL_BYTES = 6; // milliseconds since 1970
const HEAD_BYTES = RANDOM_BYTES + UNTIL_BYTES;

/** The first key signs, all of them are known. */
export function signedChallenges(keys: readonly string[]): SignedChallenges {
  const signatureOf = (key: string, head: Buffer, { uid, memberId }: ChallengeFor) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['passkey-challenge', head.toString('base64url'), uid, memberId]))
      .digest();
  return {
    make: (good, until) => {
      const head = Buffer.alloc(HEAD_BYTES);
      randomBytes(RANDOM_BYTES).copy(head);
      head.writeUIntBE(until.getTime(), RANDOM_BYTES, UNTIL_BYTES);
      return new Uint8Array(Buffer.concat([head, signatureOf(keys[0] ?? '', head, good)]));
    },
    isGood: (challenge, good, now) => {
      const bytes = Buffer.from(challenge, 'base64url');
      const [head, signature] = [bytes.subarray(0, HEAD_BYTES), bytes.subarray(HEAD_BYTES)];
      const isOurs = keys.some((key) => {
        const own = signatureOf(key, head, good);
        return own.length === signature.length && timingSafeEqual(own, signature);
      });
      return isOurs && now.getTime() < head.readUIntBE(RANDOM_BYTES, UNTIL_BYTES);
    },
  };
}
