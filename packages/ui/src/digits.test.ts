import { describe, expect, it } from 'vitest';
import { groupDigits, plainCode, plainDigits } from './digits.ts';

describe('digits as people type them', () => {
  it.each([
    ['１２３４', '1234'],
    ['1,200', '1200'],
    ['１，２００', '1200'],
    ['7110 0077 1234', '711000771234'],
    ['7110-0077ー1234', '711000771234'],
    ['　12 ', '12'],
    ['12円', '12円'],
    ['1.5', '1.5'],
    ['-', ''],
  ])('%j is read as %j', (typed, plain) => {
    expect(plainDigits(typed)).toBe(plain);
  });

  it('are grouped for reading aloud', () => {
    expect(groupDigits('711000771234567890123456')).toBe('7110 0077 1234 5678 9012 3456');
    expect(groupDigits('12345', 4)).toBe('1234 5');
    expect(groupDigits('')).toBe('');
  });
});

describe('a code of letters and digits', () => {
  it.each([
    ['ab2c-d3ef', 'AB2CD3EF'],
    ['ＡＢ２Ｃ　ｄ３ｅｆ', 'AB2CD3EF'],
  ])('%j is read as %j', (typed, plain) => {
    expect(plainCode(typed)).toBe(plain);
  });
});
