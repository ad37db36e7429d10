import type { Collection, Db, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

interface Sale extends Document {
  _id: number;
  shop: string;
  yen: number;
}

let engine: TestEngine;
let client: MongoClient;
let db: Db;
let sales: Collection<Sale>;
let serial = 0;

beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  db = client.db(`out${serial++}`);
  sales = db.collection('sales');
  await sales.insertMany([
    { _id: 1, shop: 'ueno', yen: 100 },
    { _id: 2, shop: 'kanda', yen: 200 },
    { _id: 3, shop: 'ueno', yen: 300 },
  ]);
});

const names = async (): Promise<string[]> =>
  (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
const perShop = [{ $group: { _id: '$shop', yen: { $sum: '$yen' } } }];

test('$out answers with an empty cursor and fills a collection that was not there', async () => {
  expect(await sales.aggregate([...perShop, { $out: 'totals' }]).toArray()).toEqual([]);
  expect(await db.collection('totals').find().sort({ yen: 1 }).toArray()).toEqual([
    { _id: 'kanda', yen: 200 },
    { _id: 'ueno', yen: 400 },
  ]);
  expect(await names()).toEqual(['sales', 'totals']);
});

test('$out replaces all documents and keeps the indexes and the options of its target', async () => {
  const totals = await db.createCollection('totals', { validator: { yen: { $gte: 0 } } });
  await totals.createIndex({ yen: 1 }, { unique: true });
  await totals.insertOne({ _id: 'old' as never, yen: 1 });
  await sales.aggregate([...perShop, { $out: { db: db.databaseName, coll: 'totals' } }]).toArray();
  expect(await totals.countDocuments()).toBe(2);
  expect((await totals.indexes()).map(({ name }) => name)).toEqual(['_id_', 'yen_1']);
  expect((await failure(totals.insertOne({ yen: -1 }))).code).toBe(121);
  expect(await totals.find({ yen: 400 }).explain()).toHaveProperty(
    'queryPlanner.winningPlan.inputStage.indexName',
    'yen_1',
  );
});

test('a $out that fails leaves its target as it was, and nothing of its own', async () => {
  const totals = db.collection('totals');
  await totals.createIndex({ yen: 1 }, { unique: true });
  await totals.insertOne({ _id: 'old' as never, yen: 1 });
  const error = await failure(
    sales.aggregate([{ $set: { yen: 7 } }, { $out: 'totals' }]).toArray(),
  );
  expect(error.code).toBe(11000);
  expect(await totals.find().toArray()).toEqual([{ _id: 'old', yen: 1 }]);
  expect(await names()).toEqual(['sales', 'totals']);
});

test('$out into the collection it reads replaces it', async () => {
  await sales.aggregate([{ $match: { shop: 'ueno' } }, { $out: 'sales' }]).toArray();
  expect((await sales.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual([1, 3]);
});

test('a change stream on the target of a $out is told of the rename and ends', async () => {
  const totals = await db.createCollection('totals');
  const stream = totals.watch([], { maxAwaitTimeMS: 20 });
  await stream.tryNext();
  await sales.aggregate([...perShop, { $out: 'totals' }]).toArray();
  expect(await stream.next()).toMatchObject({
    operationType: 'rename',
    to: { db: db.databaseName, coll: 'totals' },
  });
  expect(await stream.next()).toMatchObject({ operationType: 'invalidate' });
  await stream.close();
});

test('$out is refused in a transaction, under linearizable reads, and before another stage', async () => {
  const pipeline = [{ $out: 'totals' }];
  await client.withSession(async (session) => {
    session.startTransaction();
    const error = await failure(sales.aggregate(pipeline, { session }).toArray());
    expect(error.code).toBe(263);
    await session.abortTransaction();
  });
  const linear = sales.aggregate(pipeline, { readConcern: 'linearizable' });
  expect((await failure(linear.toArray())).code).toBe(72);
  expect((await failure(sales.aggregate([...pipeline, ...perShop]).toArray())).code).toBe(40601);
  const nested = sales.aggregate([{ $facet: { a: pipeline } }]);
  expect((await failure(nested.toArray())).code).toBe(40601);
  expect(await names()).toEqual(['sales']);
});

test('what a crash leaves of a $out is gone after the next start', async () => {
  const other = await TestEngine.start();
  try {
    const busy = (await other.connect()).db('busy');
    const rows = Array.from({ length: 8000 }, (_, n) => ({ n, text: 'x'.repeat(200) }));
    await busy.collection('rows').insertMany(rows);
    await busy.collection('totals').insertOne({ old: true });
    const lost = failure(
      busy
        .collection('rows')
        .aggregate([{ $out: 'totals' }])
        .toArray(),
    );
    const watcher = (await other.connect()).db('busy');
    const seen = async (): Promise<number> => (await watcher.listCollections().toArray()).length;
    while ((await seen()) < 3);
    await other.crash();
    await lost;
    const after = (await other.connect()).db('busy');
    const left = await after.listCollections({}, { nameOnly: true }).toArray();
    expect(left.map(({ name }) => name)).toEqual(['rows', 'totals']);
    expect(await after.collection('totals').countDocuments()).toBe(1);
  } finally {
    await other.stop();
  }
});
