import type { Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

let engine: TestEngine;
let db: Db;
let items: Collection<Document>;

beforeAll(async () => {
  engine = await TestEngine.start();
  db = (await engine.connect()).db('shop');
  items = db.collection('items');
});
afterAll(() => engine.stop());

test('an index option that would do nothing is refused by its name', async () => {
  const command = {
    createIndexes: 'items',
    indexes: [{ key: { z: 1 }, name: 'z', prepareUnique: true }],
  };
  expect(await failure(db.command(command))).toMatchObject({
    code: 238,
    message: expect.stringContaining('prepareUnique'),
  });
});

test('a partial index of documents without a field is refused with 67', async () => {
  const refused = await failure(
    items.createIndex({ a: 1 }, { partialFilterExpression: { a: { $exists: false } } }),
  );
  expect(refused.code).toBe(67);
  expect(await items.createIndex({ a: 1 }, { partialFilterExpression: { a: 1 } })).toBe('a_1');
});
