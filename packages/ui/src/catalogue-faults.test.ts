import { describe, expect, it } from 'vitest';
import { catalogueFaults } from './catalogue-faults.ts';
import en from './locales/en.json' with { type: 'json' };
import ja from './locales/ja.json' with { type: 'json' };

describe('the faults of a catalogue', () => {
  it('are none in the words that all faces share', () => {
    expect(catalogueFaults({ ja, en })).toEqual([]);
  });

  it.each([
    ['a key of one language', { a: 'あ' }, {}, 'a: missing or empty in en'],
    ['an empty message', { a: '' }, { a: 'a' }, 'a: missing or empty in ja'],
    ['other placeholders', { a: '{name}' }, { a: '{other}' }, 'a: {name} in ja, {other} in en'],
  ])('name %s', (_, inJa, inEn, fault) => {
    expect(catalogueFaults({ ja: inJa, en: inEn as Record<string, string> })).toEqual([fault]);
  });

  it('name a message that is not ICU', () => {
    expect(catalogueFaults({ ja: { a: '{' }, en: { a: '{' } })[0]).toMatch(/^a: SyntaxError/);
  });

  it('know the placeholders of plurals', () => {
    const words = { ja: { a: '{n}件' }, en: { a: '{n, plural, one {# item} other {# items}}' } };
    expect(catalogueFaults(words)).toEqual([]);
  });
});
