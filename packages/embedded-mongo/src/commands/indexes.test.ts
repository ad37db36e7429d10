import type { Collection, Document, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

let engine: TestEngine;
let items: Collection<Document>;

beforeAll(async () => {
  engine = await TestEngine.start();
  items = (await engine.connect()).db('shop').collection('items');
});
afterAll(() => engine.stop());

test('a partial index of documents without a field is refused with 67', async () => {
  const refused: MongoServerError = await items
    .createIndex({ a: 1 }, { partialFilterExpression: { a: { $exists: false } } })
    .then(
      () => Promise.reject(new Error('it did not fail')),
      (error: unknown) => error as MongoServerError,
    );
  expect(refused.code).toBe(67);
  expect(await items.createIndex({ a: 1 }, { partialFilterExpression: { a: 1 } })).toBe('a_1');
});
