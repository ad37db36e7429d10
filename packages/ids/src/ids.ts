import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Every kind of thing that has an id of ours. The kind is the id's prefix: `pay_…`. */
const KINDS = {
  app: 'merchant application',
  aud: 'audit event',
  bil: 'bill',
  brc: 'balance refund claim',
  cas: 'case',
  con: 'contact',
  crd: 'payment card',
  crg: 'card registration',
  cut: 'cut-off',
  dev: 'device',
  dty: 'change of duties',
  evt: 'event',
  jrn: 'journal entry',
  mem: 'member',
  mer: 'merchant',
  msg: 'message',
  pay: 'payment',
  pof: 'payout file',
  pot: 'payout',
  rec: 'reconciliation',
  rem: 'reconciliation match',
  rex: 'reconciliation exception',
  rfd: 'payment refund',
  rfp: 'refund programme',
  stl: 'settlement batch',
  ses: 'session',
  sto: 'store',
  ter: 'terminal',
  toc: 'top-up case',
  top: 'top-up',
  wal: 'wallet',
} as const;
export type IdKind = keyof typeof KINDS;

/** Where new ids come from: random in the services, seeded in tests and the drill. */
export interface IdSource {
  next(kind: IdKind): string;
  /** So many random decimal digits, each equally likely. */
  digits(count: number): string;
}

// Crockford's alphabet without the letters that are misread over the telephone.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 24; // 120 bits: nobody guesses another member's id

const spell = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');

/** Ids that cannot be guessed: 120 random bits behind the kind. */
export const randomIds: IdSource = {
  next: (kind) => `${kind}_${spell(randomBytes(LENGTH))}`,
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
};

/**
 * The id that follows from somebody else's ids: the same parts always give the same id. This is how a
 * merchant's own payment number becomes one payment of ours, for all time.
 */
export function derivedId(kind: IdKind, ...parts: readonly string[]): string {
  // Lengths are part of the text, so that ('ab', 'c') and ('a', 'bc') differ.
  const text = parts.map((part) => `${part.length}:${part}`).join('|');
  return `${kind}_${spell(createHash('sha256').update(text).digest().subarray(0, LENGTH))}`;
}

/** The id of a member's points account: one each. */
export const pointsAccountIdOf = (memberId: string): string =>
  `pta_${memberId.replace(/^mem_/, '')}`;

/** The same ids in the same order for the same seed. For tests and the drill only. */
export function seededIds(seed: number): IdSource {
  let state = seed >>> 0 || 1;
  const byte = () => {
    // xorshift32: small, and the same on every machine
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state & 255;
  };
  return {
    next: (kind) => `${kind}_${spell(Uint8Array.from({ length: LENGTH }, byte))}`,
    digits: (count) => Array.from({ length: count }, () => byte() % 10).join(''),
  };
}

/** Whether the text has the form of an id of this kind. Says nothing of whether the thing exists. */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(`^${kind}_[0-9a-z]{1,64}$`).test(text);
}
