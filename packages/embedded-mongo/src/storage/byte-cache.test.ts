import { expect, test } from 'vitest';
import { ByteCache } from './byte-cache.ts';

const KB = 1000;

test('keeps what is used within its bytes, and never answers what was changed or taken back', () => {
  const cache = new ByteCache(100 * KB);
  cache.set(1, Buffer.alloc(KB, 1));
  cache.set(2, Buffer.alloc(KB, 2));
  for (let rid = 10; rid < 500; rid++) {
    cache.set(rid, Buffer.alloc(KB));
    expect(cache.get(1)?.[0]).toBe(1);
  }
  expect([cache.get(2), cache.get(10)]).toEqual([undefined, undefined]);
  cache.set(1, Buffer.alloc(KB, 7));
  expect(cache.get(1)?.[0]).toBe(7);
  cache.set(1, null);
  expect(cache.get(1)).toBeUndefined();
});

test('a record that became too large for the cache is not answered in its old form', () => {
  const cache = new ByteCache(100 * KB);
  cache.set(1, Buffer.alloc(KB, 1));
  cache.set(1, Buffer.alloc(50 * KB, 2));
  expect(cache.get(1)).toBeUndefined();
});

test('a record that is written anew and anew does not push the others out', () => {
  const cache = new ByteCache(100 * KB);
  cache.set(1, Buffer.alloc(KB));
  for (let i = 0; i < 1000; i++) cache.set(2, Buffer.alloc(KB, i % 250));
  expect([cache.get(1)?.length, cache.get(2)?.[0]]).toEqual([KB, 999 % 250]);
});
