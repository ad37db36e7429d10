import { expect, it } from 'vitest';
import { Lru } from './lru.ts';

it('keeps what was used last, and no more than it may', () => {
  const kept = new Lru<string, number>(2);
  kept.set('a', 1);
  kept.set('b', 2);
  expect(kept.get('a')).toBe(1);
  kept.set('c', 3);
  expect([kept.get('a'), kept.get('b'), kept.get('c'), kept.size]).toEqual([1, undefined, 3, 2]);
  kept.set('a', 4);
  expect([kept.get('a'), kept.size]).toEqual([4, 2]);
});
