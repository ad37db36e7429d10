import { describe, expect, it } from 'vitest';
import { readPairingCode } from './pairing-code.ts';

describe('a pairing code', () => {
  it.each([
    ['AB2CD3EF', 'AB2CD3EF'],
    ['ab2c d3ef', 'AB2CD3EF'],
    ['ＡＢ２Ｃ-Ｄ３ＥＦ', 'AB2CD3EF'],
    ['AB2CD3E', null],
    ['AB2CD3EFG', null],
    ['AB2CD3E!', null],
    ['', null],
  ])('typed as %j is read as %j', (typed, code) => {
    expect(readPairingCode(typed)).toBe(code);
  });
});
