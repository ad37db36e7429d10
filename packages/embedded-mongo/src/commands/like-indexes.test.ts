import type { Collection, CreateIndexesOptions } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

let engine: TestEngine;
let items: Collection;

beforeAll(async () => {
  engine = await TestEngine.start();
  items = (await engine.connect()).db('shop').collection('items');
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await items.drop();
  await items.createIndex({ a: 1 });
});

const codeOf = (options: CreateIndexesOptions): Promise<unknown> =>
  items.createIndex({ a: 1 }, options).then(
    (name) => name,
    (error: { code: number }) => error.code,
  );

test.each<[CreateIndexesOptions, unknown]>([
  [{}, 'a_1'],
  [{ unique: true }, 86],
  [{ sparse: true }, 86],
  [{ collation: { locale: 'en', strength: 2 } }, 86],
  [{ expireAfterSeconds: 5 }, 85],
  [{ name: 'other' }, 85],
  [{ name: 'other', unique: true }, 'other'],
  [{ name: 'other', partialFilterExpression: { a: 1 } }, 'other'],
])('beside an index over the same field one with %o gives %s', async (options, expected) => {
  expect(await codeOf(options)).toBe(expected);
});
