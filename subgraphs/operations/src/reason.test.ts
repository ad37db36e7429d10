import { describe, expect, it } from 'vitest';
import { readReason } from './reason.ts';

describe('the reason of a stop or a cut-off', () => {
  it('is kept trimmed, and without the number of a card', () => {
    const told = { reasonJa: ' 4111-1111-1111-1111の不正利用', reasonEn: 'Misuse\n' };
    expect(readReason(told)).toEqual({ ja: '****1111の不正利用', en: 'Misuse' });
  });

  it.each([
    { reasonJa: '調査', reasonEn: ' \n ' },
    { reasonJa: '', reasonEn: 'Inquiry' },
    { reasonJa: '調査', reasonEn: 'x'.repeat(201) },
  ])('is refused when a language is missing or too long', (told) => {
    expect(() => readReason(told)).toThrow(/1 to 200|at most 200/);
  });
});
