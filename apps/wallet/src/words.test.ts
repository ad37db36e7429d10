import { catalogueFaults } from '@7pay/ui';
import { describe, expect, it } from 'vitest';
import en from './locales/en.json' with { type: 'json' };
import ja from './locales/ja.json' with { type: 'json' };

describe('the words of this face', () => {
  it('are whole in both languages', () => {
    expect(catalogueFaults({ ja, en })).toEqual([]);
  });
});
