import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readYen, readYenOrNone } from './read-yen.ts';

describe('an amount as it is typed', () => {
  it.each([
    ['10000', 10_000],
    ['10,000', 10_000],
    ['１０，０００', 10_000],
    [' 9 999 999 ', 9_999_999],
  ])('%j is %i yen', (typed, yen) => {
    expect(readYen(typed)).toBe(yen);
    expect(readYenOrNone(typed)).toBe(yen);
  });

  it.each(['10,000円', '1万', '10.000', '1e6', '0x10', '0', '00100', '10000000', '¥500', 'なし'])(
    '%j is none, and never “no limit”',
    (typed) => {
      expect(readYen(typed)).toBeNull();
      expect(readYenOrNone(typed)).toBe('WRONG');
    },
  );

  it('means none only where nothing is typed', () => {
    for (const typed of ['', ' ', '　']) expect(readYenOrNone(typed)).toBeNull();
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (typed) => {
        const read = readYenOrNone(typed);
        if (read === null) expect(typed).not.toMatch(/[0-9A-Za-z]/);
        else if (read !== 'WRONG') expect(Number.isSafeInteger(read) && read > 0).toBe(true);
      }),
    );
  });
});
