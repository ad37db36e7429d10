import { describe, expect, it } from 'vitest';
import { readScan } from './scanned-code.ts';

// The check digit of 71100077112345678901234 is 5: every second digit from the right is doubled.
const code = '711000771123456789012345';

describe('a scan', () => {
  it.each([
    ['as a scanner types it', code],
    ['with spaces', '7110 0077 1123 4567 8901 2345'],
    ['with full-width digits', '７１１０ ００７７ １１２３ ４５６７ ８９０１ ２３４５'],
    ['with hyphens', '7110-0077-1123-4567-8901-2345'],
  ])('is read %s', (_, typed) => {
    expect(readScan(typed)).toEqual({ code });
  });

  it('of a code that a phone made has no check digit to look at', () => {
    const made = '711000772123456789010007';
    expect(readScan(made)).toEqual({ code: made });
  });

  it.each([
    ['nothing', '  ', 'EMPTY'],
    ['letters', 'ABC', 'NOT_DIGITS'],
    ['a code that is too short', code.slice(0, 23), 'WRONG_LENGTH'],
    ['a code that is too long', `${code}1`, 'WRONG_LENGTH'],
    ['a code of another issuer', `28${code.slice(2)}`, 'NOT_OURS'],
    ['one wrong digit', code.replace('5678', '5668'), 'WRONG_CHECK'],
    ['two digits swapped', code.replace('5678', '5768'), 'WRONG_CHECK'],
  ])('says what is wrong with %s', (_, typed, fault) => {
    expect(readScan(typed)).toEqual({ fault });
  });
});
