import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from './digest.ts';
import { isId, randomIds, seededIds } from './ids.ts';

describe('ids', () => {
  it('carry their kind and differ each time', () => {
    const [first, second] = [randomIds.next('pay'), randomIds.next('pay')];
    expect(first).toMatch(/^pay_[0-9a-z]{24}$/);
    expect(first).not.toBe(second);
    expect(isId('pay', first)).toBe(true);
    expect(isId('wal', first)).toBe(false);
  });

  it('repeat for the same seed', () => {
    expect(seededIds(7).next('wal')).toBe(seededIds(7).next('wal'));
    expect(seededIds(7).next('wal')).not.toBe(seededIds(8).next('wal'));
  });
});

describe('a digest', () => {
  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(digest(turned)).toBe(digest(value));
      }),
      { seed: 1 },
    );
  });

  it('differs when a value differs', () => {
    expect(digest({ amount: 100 })).not.toBe(digest({ amount: 101 }));
    expect(digest({ amount: 100 })).not.toBe(digest({ amount: '100' }));
  });
});
