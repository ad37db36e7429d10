import { Double, type Collection, type Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

let engine: TestEngine;
let items: Collection<Document>;

beforeAll(async () => {
  engine = await TestEngine.start();
  items = (await engine.connect()).db('shop').collection('items');
});
afterAll(() => engine.stop());
beforeEach(() => items.drop());

const codeOf = (promise: Promise<unknown>): Promise<number | null> =>
  promise.then(
    () => null,
    (error: { code: number }) => error.code,
  );

test('a document may have fields with dollars and dots, its _id may not', async () => {
  await items.insertOne({ _id: 1, $price: 5, 'a.b': { $c: 1 } } as Document);
  expect(await items.findOne({ _id: 1 } as Document)).toEqual({
    _id: 1,
    $price: 5,
    'a.b': { $c: 1 },
  });
  const [read] = await items
    .aggregate([{ $project: { _id: 0, v: { $getField: { $literal: '$price' } } } }])
    .toArray();
  expect(read).toEqual({ v: 5 });
  expect(await codeOf(items.insertOne({ _id: { $a: 1 } } as Document))).toBe(52);
  expect(await codeOf(items.insertOne({ _id: [1] } as Document))).toBe(53);
});

test('an _id is never changed, by an update, a replacement or an upsert', async () => {
  await items.insertOne({ _id: 1, n: 1 } as Document);
  const one = { _id: 1 } as Document;
  expect(await codeOf(items.updateOne(one, { $set: { _id: 2 } }))).toBe(66);
  expect(await codeOf(items.replaceOne(one, { _id: 2 } as Document))).toBe(66);
  expect(
    await codeOf(items.updateOne({ _id: 5 } as Document, { $set: { _id: 6 } }, { upsert: true })),
  ).toBe(66);
  expect((await items.updateOne(one, { $set: { _id: 1 } })).modifiedCount).toBe(0);
  await items.updateOne({ n: 9 }, { $set: { _id: 7 } } as Document, { upsert: true });
  expect(await items.find().sort({ _id: 1 }).toArray()).toEqual([
    { _id: 1, n: 1 },
    { _id: 7, n: 9 },
  ]);
});

test('an update that changes nothing says so, one that changes a type does not', async () => {
  await items.insertOne({ n: 1, l: [1], o: { a: 1 } });
  const modified = async (update: Document): Promise<number> =>
    (await items.updateOne({}, update)).modifiedCount;
  expect(await modified({ $set: { n: 1 } })).toBe(0);
  expect(await modified({ $inc: { n: 0 } })).toBe(0);
  expect(await modified({ $max: { n: 0 } })).toBe(0);
  expect(await modified({ $unset: { z: 1 } })).toBe(0);
  expect(await modified({ $addToSet: { l: 1 } })).toBe(0);
  expect(await modified({ $pull: { l: 9 } })).toBe(0);
  expect(await modified({ $push: { l: { $each: [] } } })).toBe(0);
  expect(await modified({ $set: { o: { a: 1 } } })).toBe(0);
  expect(await modified({ $set: { n: new Double(1) } })).toBe(1);
});
