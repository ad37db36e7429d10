import { createHmac, randomBytes } from 'node:crypto';

/** How many recovery codes a member is given at once. */
export const RECOVERY_CODES = 10;

// Crockford's alphabet: nothing in it is misread on paper.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 12; // 60 bits: no list of them can be tried, so a keyed hash without salt is enough

/** New recovery codes as they are shown, once: three groups of four. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET[byte & 31])
      .join('')
      .replace(/(.{4})(?=.)/g, '$1-'),
  );

/**
 * What is kept of a recovery code: HMAC-SHA-256 under a secret of the installation, bound to the member. Null for a
 * text that is no code. Case, spaces and hyphens do not matter; O is 0, I and L are 1.
 */
export function recoveryCodeHash(code: string, memberId: string, secret: string): string | null {
  const plain = code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (plain.length !== CHARACTERS || [...plain].some((letter) => !ALPHABET.includes(letter))) {
    return null;
  }
  return createHmac('sha256', secret).update(`recovery|${memberId}|${plain}`).digest('base64url');
}
