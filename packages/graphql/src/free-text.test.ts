import { describe, expect, it } from 'vitest';
import { freeText, oneLine } from './free-text.ts';

describe('text that a person typed', () => {
  it.each([
    ['4111111111111111 を使った', '****1111 を使った'],
    ['4111 1111 1111 1111', '****1111'],
    ['4111-1111-1111-1111.', '****1111.'],
    ['４１１１１１１１１１１１１１１１', '****1111'],
    ['電話 090-1234-5678', '電話 090-1234-5678'],
    ['番号 4111111111111112', '番号 4111111111111112'],
    ['  傷\u0000みのため ', '傷 みのため'],
    [null, ''],
  ])('%j is kept as %j', (typed, kept) => {
    expect(freeText('reason', typed, 200)).toBe(kept);
  });

  it('that is too long is refused, counted in characters', () => {
    expect(freeText('reason', '𠮷'.repeat(200), 200)).toHaveLength(400);
    expect(() => freeText('reason', 'あ'.repeat(201), 200)).toThrow(
      'reason: at most 200 characters',
    );
  });
});

describe('text for a mail or a statement', () => {
  it.each([
    [' 青葉\r\n\u2028 商店\u3000', '青葉 商店'],
    ['\u202e青葉\u2066\ufeff', '青葉'],
    ['か\u3099', 'が'],
    ['\n\u200b', ''],
  ])('%j is the line %j', (typed, line) => {
    expect(oneLine(typed)).toBe(line);
  });
});
