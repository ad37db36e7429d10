import type { Collection, Db, Document, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

let engine: TestEngine;
let db: Db;
let items: Collection<Document>;

beforeAll(async () => {
  engine = await TestEngine.start();
  db = (await engine.connect()).db('shop');
  items = db.collection('items');
});
afterAll(() => engine.stop());

test('a name that starts with a dollar may be inserted, but not in a replacement or an _id', async () => {
  await items.insertOne({ _id: 1 as never, $price: 5 });
  expect(await items.findOne()).toEqual({ _id: 1, $price: 5 });
  const refused: MongoServerError = await items.insertOne({ _id: { $oid: 1 } as never }).then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as MongoServerError,
  );
  expect(refused.code).toBe(52);
  const reply = await db.command({ update: 'items', updates: [{ q: {}, u: { a: 1, $price: 6 } }] });
  expect(reply['writeErrors'][0].code).toBe(52);
});
