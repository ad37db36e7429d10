import { expect, test } from 'vitest';
import { EntryCache } from './entry-cache.ts';

test('keeps what is used, forgets what is not, and never answers what was taken back', () => {
  const cache = new EntryCache();
  cache.set('kept', 1);
  cache.set('gone', 2);
  cache.set('gone', null);
  expect([cache.get('kept'), cache.get('gone')]).toEqual([1, undefined]);
  for (let i = 0; i < 100_000; i++) {
    cache.set(`k${i}`, i);
    if (i % 1000 === 0) expect(cache.get('kept')).toBe(1);
  }
  expect([cache.get('k0'), cache.get('k99999')]).toEqual([undefined, 99_999]);
  cache.set('kept', null);
  expect(cache.get('kept')).toBeUndefined();
  cache.set('kept', 3);
  cache.set('kept', 4);
  expect(cache.get('kept')).toBe(4);
});
