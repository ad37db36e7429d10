import assert from 'node:assert/strict';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { CodeLogin } from './code-login.ts';

/** A code as kept: its digest alone, never the digits. */
export interface PaymentCode {
  readonly digest: string;
  readonly walletId: string;
  readonly memberId: string;
  /** Of the wallet’s codes, and of the controls, when it was issued. */
  readonly epoch: number;
  readonly generation: number;
  /** In which it was issued; null for one of an older version. */
  readonly login: CodeLogin | null;
  readonly issuedAt: Date;
  /** Until here it is shown. */
  readonly expiresAt: Date;
  /** Until here a register may present it: clocks differ and scanning takes a moment. */
  readonly acceptedUntil: Date;
  /** The payment or top-up that used it, also when that was refused. */
  readonly usedBy: string | null;
}

export type CodeRefusal = 'CODE_UNKNOWN' | 'CODE_EXPIRED' | 'CODE_USED';

declareRefusals('payment-code', {
  CODE_UNKNOWN: {
    ja: 'このコードは使えません。7payの支払いコードをもう一度読み取ってください。',
    en: 'This code cannot be used. Please scan the 7pay payment code again.',
  },
  CODE_EXPIRED: {
    ja: 'コードの有効期限が切れています。お客様に新しいコードを表示してもらってください。',
    en: 'The code has expired. Please ask the customer to show a new one.',
  },
  CODE_USED: {
    ja: 'このコードはすでに使われています。お客様に新しいコードを表示してもらってください。',
    en: 'The code has been used already. Please ask the customer to show a new one.',
  },
});

/** The first eight digits name the issuer, the ninth the class. */
const ISSUER = '71100077';
/** Class 1 is a code that the server keeps; class 2 one that a phone makes of a handle. */
const ONLINE_CLASS = '1';
const OFFLINE_CLASS = '2';
/** An even count, as CODE128-C packs two digits a symbol. */
export const CODE_LENGTH = 24;
/** Class 1: 8 issuer + 1 class + 14 random + 1 check. */
const RANDOM_DIGITS = 14;
/** Class 2: 8 issuer + 1 class + 11 handle + 4 time. The time digits find a slip as a check digit would. */
export const HANDLE_DIGITS = 11;
const SHOWN_SECONDS = 60;
const ACCEPTED_SECONDS = 90;

/** Makes the digits of a new code of class 1. `digits` gives that many random decimal digits. */
export function makeDigits(digits: (count: number) => string): string {
  const body = `${ISSUER}${ONLINE_CLASS}${digits(RANDOM_DIGITS)}`;
  return `${body}${checkDigit(body)}`;
}

/** What a code of ours says by itself. */
export type ReadCode =
  | { readonly kind: 'ONLINE' }
  | { readonly kind: 'OFFLINE'; readonly handle: string; readonly time: string };

const ONLINE = new RegExp(`^${ISSUER}${ONLINE_CLASS}\\d{${RANDOM_DIGITS + 1}}$`);
const OFFLINE = new RegExp(`^${ISSUER}${OFFLINE_CLASS}(\\d{${HANDLE_DIGITS}})(\\d{4})$`);

/** Reads a text that can be a code of ours: length, issuer, class, check digit. No look-up is needed to refuse another. */
export function readCode(code: string): ReadCode | null {
  const [, handle, time] = OFFLINE.exec(code) ?? [];
  if (handle && time) return { kind: 'OFFLINE', handle, time };
  const isOnline = ONLINE.test(code) && checkDigit(code.slice(0, -1)) === code.at(-1);
  return isOnline ? { kind: 'ONLINE' } : null;
}

// Luhn (ISO/IEC 7812-1 annex B): finds every single wrong digit and most swaps of neighbours.
function checkDigit(body: string): string {
  let sum = 0;
  for (let index = 0; index < body.length; index += 1) {
    const digit = Number(body[body.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** The life of a code issued at this instant. */
export function lifeOf(
  issuedAt: Date,
): Pick<PaymentCode, 'issuedAt' | 'expiresAt' | 'acceptedUntil'> {
  const after = (seconds: number) => new Date(issuedAt.getTime() + seconds * 1_000);
  return { issuedAt, expiresAt: after(SHOWN_SECONDS), acceptedUntil: after(ACCEPTED_SECONDS) };
}

/** Decides whether a code that is presented for `by` may be used now. */
export function present(
  code: PaymentCode | null,
  at: Date,
  by: string,
): PaymentCode | Refused<CodeRefusal> {
  if (!code) return refuse('CODE_UNKNOWN');
  assert(code.acceptedUntil > code.issuedAt, 'a code has a life');
  if (code.usedBy !== null && code.usedBy !== by) return refuse('CODE_USED');
  if (at >= code.acceptedUntil) return refuse('CODE_EXPIRED');
  return code;
}
