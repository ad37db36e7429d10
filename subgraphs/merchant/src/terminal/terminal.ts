import { declareRefusals } from '@7pay/refusals';

declareRefusals('terminal', {
  PAIRING_CODE_WRONG: {
    ja: 'ペアリングコードが正しくないか、期限が切れています。新しいコードを発行してください。',
    en: 'The pairing code is wrong or has expired. Please have a new one issued.',
  },
});

/** A register of a store that may ask for payments, by a key that never leaves it. */
export interface Terminal {
  readonly id: string;
  readonly storeId: string;
  readonly merchantId: string;
  readonly label: string;
  readonly pairedAt: Date;
  /** Thumbprint of its public key: the same key pairing again gets the same terminal. */
  readonly keyDigest: string;
  /** The operator whose code paired it; null for terminals from before that was kept. */
  readonly issuedBy: string | null;
}

/** A code that pairs one terminal with a store, kept as a digest. */
export interface PairingCode {
  readonly digest: string;
  readonly storeId: string;
  readonly merchantId: string;
  readonly label: string;
  readonly expiresAt: Date;
  /** The terminal that used it. */
  readonly usedBy: string | null;
  /** The operator who had it made. */
  readonly issuedBy: string | null;
}

// Without 0 O 1 I: typed by a person from another screen.
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 8;
/** How long a pairing code may wait to be typed. */
export const PAIRING_MINUTES = 30;

/** A pairing code out of random digits; 8 characters of 32, 40 bits. */
export function makePairingCode(digits: (count: number) => string): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[Number(digits(4)) % ALPHABET.length]).join(
    '',
  );
}

/** A typed code as it was issued: capitals, without spaces and dashes. */
export const normalizePairingCode = (typed: string): string =>
  typed.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');
