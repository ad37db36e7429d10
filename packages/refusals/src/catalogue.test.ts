import { describe, expect, it } from 'vitest';
import { declareRefusals, refusalCatalogue, refusalSentence } from './catalogue.ts';
import { isRefused, refuse } from './refused.ts';

declareRefusals('catalogue.test', {
  TEST_SHORT: { ja: '残高が{shortYen}円不足しています。', en: 'Short by {shortYen} yen.' },
});

describe('the catalogue of refusals', () => {
  it('speaks Japanese and English with separators in numbers', () => {
    expect(refusalSentence('TEST_SHORT', { shortYen: 1200 }, 'ja')).toBe(
      '残高が1,200円不足しています。',
    );
    expect(refusalSentence('TEST_SHORT', { shortYen: 1200 }, 'en')).toBe('Short by 1,200 yen.');
  });

  it('does not read facts from the prototype', () => {
    declareRefusals('catalogue.test', { TEST_PROTO: { ja: '{constructor}', en: '{constructor}' } });
    expect(refusalSentence('TEST_PROTO', {}, 'en')).toBe('');
  });

  it('lets one noun own a code', () => {
    expect(() => declareRefusals('another', { TEST_SHORT: { ja: '', en: '' } })).toThrow(
      /belongs to catalogue.test/,
    );
    expect(() => declareRefusals('another', { lower: { ja: '', en: '' } })).toThrow(/UPPER_SNAKE/);
  });

  it('lists every code', () => {
    expect(refusalCatalogue().map(({ code }) => code)).toContain('TEST_SHORT');
  });
});

describe('a refusal', () => {
  it('is told from a success', () => {
    expect(isRefused(refuse('TEST_SHORT'))).toBe(true);
    expect(isRefused({ id: 'pay_1' })).toBe(false);
    expect(isRefused(null)).toBe(false);
  });
});
