import { plainDigits } from '@7pay/ui';

/** What is wrong with an amount that was typed. */
export type AmountFault = 'EMPTY' | 'NOT_DIGITS' | 'ZERO' | 'TOO_LONG';

/** A register never sells for more than this many digits of yen; the limits themselves are the platform's. */
const digitsMax = 7;

/** The keys of the pad. `00` writes two zeros. */
export const padKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '00', '0', 'back'] as const;
export type PadKey = (typeof padKeys)[number];

/** The digits on the display after a key. Leading zeros are not written, too many digits neither. */
export function pressKey(typed: string, key: PadKey): string {
  const digits = plainDigits(typed);
  if (key === 'back') return digits.slice(0, -1);
  const next = `${digits}${key}`.replace(/^0+/, '');
  return next.length > digitsMax ? digits : next;
}

/** Reads what was typed, full-width digits and separators included, as whole yen. */
export function readAmount(typed: string): { amount: number } | { fault: AmountFault } {
  const digits = plainDigits(typed);
  if (digits === '') return { fault: 'EMPTY' };
  if (!/^\d+$/.test(digits)) return { fault: 'NOT_DIGITS' };
  const trimmed = digits.replace(/^0+/, '');
  if (trimmed === '') return { fault: 'ZERO' };
  return trimmed.length > digitsMax ? { fault: 'TOO_LONG' } : { amount: Number(trimmed) };
}
