import type { Collection, Db, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

interface Stock extends Document {
  _id: number;
  sku: string;
  pieces: number;
}

let engine: TestEngine;
let client: MongoClient;
let db: Db;
let counted: Collection<Stock>;
let stock: Collection<Stock>;
let serial = 0;

beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  db = client.db(`merge${serial++}`);
  counted = db.collection('counted');
  stock = db.collection('stock');
  await counted.insertMany([
    { _id: 1, sku: 'pen', pieces: 5 },
    { _id: 2, sku: 'ink', pieces: 7 },
  ]);
  await stock.insertOne({ _id: 1, sku: 'pen', pieces: 3, shelf: 'A' });
});

const merge = (spec: unknown, ...before: Document[]): Promise<Document[]> =>
  counted.aggregate([...before, { $merge: spec }]).toArray();
const rows = (): Promise<Stock[]> => stock.find().sort({ _id: 1 }).toArray() as Promise<Stock[]>;
const INK = { _id: 2, sku: 'ink', pieces: 7 };

test('a match gets the fields of the document, anything else is inserted', async () => {
  expect(await merge('stock')).toEqual([]);
  expect(await rows()).toEqual([{ _id: 1, sku: 'pen', pieces: 5, shelf: 'A' }, INK]);
});

test.each([
  ['replace', 'insert', [{ _id: 1, sku: 'pen', pieces: 5 }, INK]],
  ['replace', 'discard', [{ _id: 1, sku: 'pen', pieces: 5 }]],
  ['keepExisting', 'insert', [{ _id: 1, sku: 'pen', pieces: 3, shelf: 'A' }, INK]],
  ['merge', 'discard', [{ _id: 1, sku: 'pen', pieces: 5, shelf: 'A' }]],
])('whenMatched %s and whenNotMatched %s do what they say', async (matched, not, expected) => {
  await merge({ into: 'stock', whenMatched: matched, whenNotMatched: not });
  expect(await rows()).toEqual(expected);
});

test('a pipeline changes the match with the variables of `let`, and the new document as $$new', async () => {
  await stock.createIndex({ sku: 1 }, { unique: true });
  await merge(
    {
      into: 'stock',
      on: 'sku',
      let: { by: '$pieces' },
      whenMatched: [{ $set: { pieces: { $add: ['$pieces', '$$by'] }, from: '$$new.sku' } }],
    },
    { $unset: '_id' },
  );
  const [pen, ink] = await stock.find().sort({ pieces: -1 }).toArray();
  expect(pen).toEqual({ _id: 1, sku: 'pen', pieces: 8, shelf: 'A', from: 'pen' });
  expect(ink).toMatchObject({ sku: 'ink', pieces: 7 });
});

test('whenMatched fail refuses the duplicate, whenNotMatched fail the stranger with 13113', async () => {
  expect((await failure(merge({ into: 'stock', whenMatched: 'fail' }))).code).toBe(11000);
  const strangers = failure(merge({ into: 'stock', whenNotMatched: 'fail' }));
  expect(await strangers).toMatchObject({ code: 13113, codeName: 'MergeStageNoMatchingDocument' });
});

test('a merge that finds no unique index for its `on` fields is refused with 51183', async () => {
  expect((await failure(merge({ into: 'stock', on: 'sku' }))).code).toBe(51183);
  await stock.createIndex(
    { sku: 1 },
    { unique: true, partialFilterExpression: { pieces: { $gt: 100 } } },
  );
  expect((await failure(merge({ into: 'stock', on: 'sku' }))).code).toBe(51183);
  await stock.createIndex({ sku: 1, pieces: 1 }, { unique: true });
  await merge({ into: 'stock', on: ['pieces', 'sku'], whenMatched: 'fail' }, { $unset: '_id' });
  expect(await stock.countDocuments()).toBe(3);
});

test.each([
  ['a spec that is no name and no object', 7, 51182],
  ['a target that is no name', { into: 7 }, 51178],
  ['a target in an internal database', { into: { db: 'config', coll: 'x' } }, 31320],
  ['an unknown field', { into: 'stock', if: 1 }, 40415],
  ['an unknown mode', { into: 'stock', whenMatched: 'blend' }, 2],
  [
    'modes that do not go together',
    { into: 'stock', whenMatched: 'fail', whenNotMatched: 'fail' },
    51181,
  ],
  ['`let` without a pipeline', { into: 'stock', let: { a: 1 } }, 51199],
  ['another value for `new`', { into: 'stock', let: { new: 1 }, whenMatched: [] }, 51273],
  ['an empty `on`', { into: 'stock', on: [] }, 51187],
  ['a stage that no update has', { into: 'stock', whenMatched: [{ $group: { _id: 1 } }] }, 72],
])('%s is refused', async (_, spec, code) => {
  expect((await failure(merge(spec))).code).toBe(code);
});

test('an `on` field that is missing or an array is refused, a missing _id is made', async () => {
  await stock.createIndex({ sku: 1 }, { unique: true });
  const on = { into: 'stock', on: 'sku' };
  expect((await failure(merge(on, { $unset: 'sku' }))).code).toBe(51132);
  expect((await failure(merge(on, { $set: { sku: ['a'] } }))).code).toBe(51185);
  await merge('fresh', { $unset: '_id' });
  expect(await db.collection('fresh').countDocuments()).toBe(2);
});

test('a merge into the collection it reads meets each document once', async () => {
  await merge('counted', { $set: { pieces: { $add: ['$pieces', 1] } } });
  await merge({ into: 'counted', whenMatched: 'fail' }, { $set: { _id: { $add: ['$_id', 10] } } });
  expect((await counted.find().sort({ _id: 1 }).toArray()).map((row) => row.pieces)).toEqual([
    6, 8, 6, 8,
  ]);
});

test('change streams are told what a merge wrote, and a transaction may not merge', async () => {
  const stream = stock.watch([], { maxAwaitTimeMS: 20 });
  await stream.tryNext();
  await merge('stock');
  expect(await stream.next()).toMatchObject({ operationType: 'update', documentKey: { _id: 1 } });
  expect(await stream.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 2 } });
  await stream.close();
  await client.withSession(async (session) => {
    session.startTransaction();
    const cursor = counted.aggregate([{ $merge: 'stock' }], { session });
    expect((await failure(cursor.toArray())).code).toBe(263);
    await session.abortTransaction();
  });
});
