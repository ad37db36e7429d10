import { describe, expect, it } from 'vitest';
import { code128Modules, qrModules } from './bars.ts';

/** Paints the path of a picture back into rows of 0 and 1. */
function paint({ width, height, path }: { width: number; height: number; path: string }): string[] {
  const rows = Array.from({ length: height }, () => Array.from({ length: width }, () => '0'));
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = 0; at < Number(run); at += 1) rows[Number(y)]![Number(x) + at] = '1';
  }
  return rows.map((row) => row.join(''));
}

describe('CODE128 of digits', () => {
  it('packs two digits a symbol, with start C, check symbol and stop', () => {
    const [row = ''] = paint(code128Modules('711000771234567890123456'));
    expect(row).toHaveLength(10 + 11 + 12 * 11 + 11 + 13 + 10);
    expect(row.slice(0, 21)).toBe('0'.repeat(10) + '11010011100'); // quiet zone, start C
    expect(row.slice(-23)).toBe('1100011101011' + '0'.repeat(10)); // stop, quiet zone
  });

  it('gives the symbols of ISO/IEC 15417 for 12 34', () => {
    const [row = ''] = paint(code128Modules('1234'));
    // 12, 34, and the check symbol (105 + 1·12 + 2·34) mod 103 = 82
    expect(row.slice(21, 54)).toBe('10110011100' + '10001011000' + '10010011110');
  });

  it.each(['123', '12a4', '', '１２'])('refuses %j', (digits) => {
    expect(() => code128Modules(digits)).toThrow(/even number/);
  });
});

describe('a QR code', () => {
  it('is square, with a quiet zone of four modules and three finders', () => {
    const picture = qrModules('711000771234567890123456');
    const rows = paint(picture);
    expect(picture.width).toBe(picture.height);
    expect(rows.slice(0, 4).join('')).not.toContain('1');
    const finder = '1111111';
    expect(rows[4]?.slice(4, 11)).toBe(finder);
    expect(rows[4]?.slice(-11, -4)).toBe(finder);
    expect(rows.at(-5)?.slice(4, 11)).toBe(finder);
  });
});
