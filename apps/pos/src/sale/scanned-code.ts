import { plainDigits } from '@7pay/ui';

/** What is wrong with what was scanned or typed; each has a sentence for the clerk. */
export type ScanFault = 'EMPTY' | 'NOT_DIGITS' | 'WRONG_LENGTH' | 'NOT_OURS' | 'WRONG_CHECK';

/** A payment code is 24 digits: 8 name the issuer, the ninth the class; in class 1 the last is a check digit. */
export const codeLength = 24;
const issuerPrefix = '71100077';

/**
 * Reads a scan: spaces and hyphens go, full-width digits become plain. What cannot be a code of ours is
 * said at once, without asking the platform.
 */
export function readScan(typed: string): { code: string } | { fault: ScanFault } {
  const code = plainDigits(typed);
  if (code === '') return { fault: 'EMPTY' };
  if (!/^\d+$/.test(code)) return { fault: 'NOT_DIGITS' };
  if (code.length !== codeLength) return { fault: 'WRONG_LENGTH' };
  if (!code.startsWith(issuerPrefix)) return { fault: 'NOT_OURS' };
  // A code of class 2 has no check digit: its time digits are judged by the platform.
  if (code[issuerPrefix.length] === '2') return { code };
  return checks(code) ? { code } : { fault: 'WRONG_CHECK' };
}

// Luhn, ISO/IEC 7812-1 annex B: every second digit from the right is doubled; the sum ends in 0.
function checks(code: string): boolean {
  const sum = [...code].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
