import { afterEach, describe, expect, it } from 'vitest';
import { chooseLocale, locale, pickLocale, startLocale } from './locale.ts';
import { catalogue } from './messages.ts';

const t = catalogue({
  ja: { hello: 'こんにちは', count: '{n}件' },
  en: { hello: 'Hello', count: '{n, plural, one {# item} other {# items}}' },
});
const memory = () => {
  const rows = new Map<string, string>();
  return {
    getItem: (key: string) => rows.get(key) ?? null,
    setItem: (key: string, value: string) => void rows.set(key, value),
  };
};
afterEach(() => (locale.value = 'ja'));

describe('a catalogue', () => {
  it('speaks the language on screen', () => {
    expect(t('hello')).toBe('こんにちは');
    locale.value = 'en';
    expect(t('hello')).toBe('Hello');
  });

  it('fills in values and counts', () => {
    expect(t('count', { n: 2 })).toBe('2件');
    locale.value = 'en';
    expect(t('count', { n: 1 })).toBe('1 item');
    expect(t('count', { n: 2 })).toBe('2 items');
  });
});

describe('the language on screen', () => {
  it.each([
    ['en', ['ja-JP'], 'en'],
    [null, ['en-US', 'ja'], 'en'],
    [null, ['ja'], 'ja'],
    [null, ['fr-FR', 'en'], 'en'],
    [null, ['fr-FR'], 'ja'],
    ['xx', [], 'ja'],
  ] as const)('with the choice %s and the browser %j is %s', (stored, browser, picked) => {
    expect(pickLocale(stored, browser)).toBe(picked);
  });

  it('is kept when it is chosen, and written to the page', () => {
    const store = memory();
    const root = { lang: '' };
    chooseLocale('en', store, root);
    locale.value = 'ja';
    startLocale(store, ['ja'], root);
    expect([locale.value, root.lang]).toEqual(['en', 'en']);
  });
});
