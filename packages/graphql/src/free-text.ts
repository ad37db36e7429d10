import { badUserInput } from './errors.ts';

/**
 * Text that a person typed, as it may be kept: trimmed, in NFC, without control characters, and with every number that
 * could be that of a card masked but for its last four digits. Empty when nothing was typed.
 * @throws BAD_USER_INPUT when it is longer than `most` characters
 */
export function freeText(name: string, given: string | null | undefined, most: number): string {
  const text = (given ?? '')
    .normalize('NFC')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  if ([...text].length > most)
    throw badUserInput(`${name}: at most ${most} characters are expected`);
  return maskCardNumbers(text);
}

/**
 * Text as it may stand in a mail or a statement: one line in NFC, with no blanks about it or doubled, and without what a reader
 * does not see or what turns the rest around (control and format characters, UAX #9).
 */
export const oneLine = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();

// 13 to 19 digits, however they are parted or wide, as card numbers are (ISO/IEC 7812-1).
const LIKE_A_CARD = /\p{Nd}(?:[ \-‐－　.]?\p{Nd}){12,18}/gu;

/** Masks what passes for a card number: its length and check digit fit. */
export function maskCardNumbers(text: string): string {
  return text.replace(LIKE_A_CARD, (found) => {
    const digits = found.normalize('NFKC').replace(/\D/g, '');
    return passesLuhn(digits) ? `****${digits.slice(-4)}` : found;
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
