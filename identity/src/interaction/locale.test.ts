import { describe, expect, it } from 'vitest';
import { preferredLocale } from './locale.ts';

describe('the preferred language', () => {
  it.each([
    ['en', 'en'],
    ['en-US,en;q=0.9,ja;q=0.8', 'en'],
    ['ja,en-US;q=0.9', 'ja'],
    ['fr,de;q=0.9,en;q=0.1', 'en'],
    ['en;q=0.2,ja;q=0.8', 'ja'],
    ['en;q=0,ja', 'ja'],
    ['fr', undefined],
    ['', undefined],
    ['*', undefined],
    ['en-GB ja', 'en'],
  ])('of %j is %s', (list, locale) => {
    expect(preferredLocale(list)).toBe(locale);
  });
});
