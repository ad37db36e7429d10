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

it('is no heavier than it may be, and keeps nothing that is too heavy by itself', () => {
  const kept = new Lru<string, number>(10, { of: (key) => key.length, most: 5 });
  kept.set('aa', 1);
  kept.set('bbb', 2);
  kept.set('aa', 3);
  expect([kept.get('bbb'), kept.get('aa'), kept.size]).toEqual([2, 3, 2]);
  kept.set('c', 4);
  expect([kept.get('bbb'), kept.get('aa'), kept.get('c')]).toEqual([undefined, 3, 4]);
  kept.set('dddddd', 5);
  expect([kept.get('dddddd'), kept.size]).toEqual([undefined, 0]);
});
