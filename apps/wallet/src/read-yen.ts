import { plainDigits } from '@7pay/ui';

/** Whole yen of at most seven digits, from 1, typed in any width; null for anything else. */
export function readYen(typed: string): number | null {
  const digits = plainDigits(typed);
  return /^[1-9]\d{0,6}$/.test(digits) ? Number(digits) : null;
}

/** The same where an empty field means that there is none. 'WRONG' for what is neither. */
export function readYenOrNone(typed: string): number | null | 'WRONG' {
  return plainDigits(typed) === '' ? null : (readYen(typed) ?? 'WRONG');
}
