import {
  Decimal128,
  Double,
  Int32,
  Long,
  type Collection,
  type Db,
  type Document,
  type MongoClient,
} from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from './engine.ts';
import { failure } from './failure.ts';

let engine: TestEngine;
let client: MongoClient;
let db: Db;
let items: Collection<Document>;

beforeAll(async () => {
  engine = await TestEngine.start({ auth: true });
  client = await engine.connect();
  db = client.db('shop');
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await db.dropDatabase();
  items = db.collection('items');
});

test('a driver with the folder password sees a replica set with a primary, one without is refused', async () => {
  expect(client.options.credentials?.mechanism).toBe('SCRAM-SHA-256');
  const { host } = new URL(engine.engine.uri.replace('mongodb:', 'http:'));
  const { MongoClient: Client } = await import('mongodb');
  const stranger = new Client(`mongodb://${host}/?replicaSet=rs0`);
  expect((await failure(stranger.db('shop').collection('items').findOne({}))).code).toBe(13);
  await stranger.close();
  const guesser = new Client(`mongodb://embedded:wrong@${host}/?replicaSet=rs0&authSource=admin`);
  expect((await failure(guesser.db('shop').collection('items').findOne({}))).code).toBe(18);
  await guesser.close();
});

test('documents come back as they were sent, number types and field order included', async () => {
  const doc = {
    _id: 'x',
    z: new Int32(1),
    '1': Long.fromString('9007199254740993'),
    a: new Double(5),
    m: Decimal128.fromString('1.10'),
    n: null,
  };
  await items.insertOne(doc as Document);
  const back = await items.findOne({ _id: 'x' } as Document, { promoteValues: false });
  expect(back?.['z']).toEqual(new Int32(1));
  expect(String(back?.['1'])).toBe('9007199254740993');
  expect(back?.['a']).toEqual(new Double(5));
  expect(String(back?.['m'])).toBe('1.10');
});

test('an int64 is counted exactly beyond 2^53', async () => {
  await items.insertOne({ _id: 1 as never, n: 9007199254740993n });
  await items.updateOne({ _id: 1 as never }, { $inc: { n: 2n } });
  const back = await items.findOne({ _id: 1 as never }, { useBigInt64: true });
  expect(back?.['n']).toBe(9007199254740995n);
});

test('find sorts, skips, limits, projects and reads on in batches', async () => {
  await items.insertMany(Array.from({ length: 500 }, (_, i) => ({ n: i, big: 'x'.repeat(100) })));
  const found = await items
    .find({ n: { $gte: 100 } }, { projection: { n: 1, _id: 0 } })
    .sort({ n: -1 })
    .skip(10)
    .limit(300)
    .batchSize(50)
    .toArray();
  expect(found.length).toBe(300);
  expect(found[0]).toEqual({ n: 489 });
  expect(found.at(-1)).toEqual({ n: 190 });
});

test('a duplicate key is told as MongoDB tells it', async () => {
  await items.createIndex({ shop: 1, code: 1 }, { unique: true });
  await items.insertOne({ shop: 's', code: 1 });
  const error = await failure(items.insertOne({ shop: 's', code: 1 }));
  expect(error.code).toBe(11000);
  expect(error.message).toBe(
    'E11000 duplicate key error collection: shop.items index: shop_1_code_1 dup key: { shop: "s", code: 1 }',
  );
  expect(error['keyPattern']).toEqual({ shop: 1, code: 1 });
  expect(error['keyValue']).toEqual({ shop: 's', code: 1 });
});

test('partial and sparse unique indexes leave out what they do not speak about', async () => {
  await items.createIndex({ a: 1 }, { unique: true, sparse: true });
  await items.createIndex({ b: 1 }, { unique: true, partialFilterExpression: { open: true } });
  await items.insertMany([
    { b: 1, open: false },
    { b: 1, open: false },
    { b: 1, open: true },
  ]);
  expect((await failure(items.insertOne({ b: 1, open: true }))).code).toBe(11000);
  expect((await failure(items.updateOne({ open: false }, { $set: { open: true } }))).code).toBe(
    11000,
  );
  expect(await items.countDocuments({ open: true })).toBe(1);
});

test('a unique index is not built over duplicates, and nothing of it stays behind', async () => {
  await items.insertMany([{ a: 1 }, { a: 1 }]);
  expect((await failure(items.createIndex({ a: 1 }, { unique: true }))).code).toBe(11000);
  expect((await items.indexes()).map((index) => index.name)).toEqual(['_id_']);
  await items.insertOne({ a: 1 });
});

test('lookups by an index examine only what they return', async () => {
  await items.createIndex({ mail: 1 }, { unique: true });
  await items.insertMany(Array.from({ length: 300 }, (_, i) => ({ mail: `m${i}` })));
  const stats = await items.find({ mail: 'm7' }).explain('executionStats');
  expect(stats['queryPlanner'].winningPlan.inputStage).toMatchObject({
    stage: 'IXSCAN',
    indexName: 'mail_1',
  });
  expect(stats['executionStats']).toMatchObject({
    nReturned: 1,
    totalKeysExamined: 1,
    totalDocsExamined: 1,
  });
  const scan = await items.find({ other: 1 }).explain('executionStats');
  expect(scan['queryPlanner'].winningPlan.stage).toBe('COLLSCAN');
  expect(scan['executionStats'].totalDocsExamined).toBe(300);
});

test('collation strength 2 finds and guards text without regard to case', async () => {
  const collation = { locale: 'en', strength: 2 };
  await items.createIndex({ name: 1 }, { unique: true, collation });
  await items.insertOne({ name: 'Aiko' });
  expect((await failure(items.insertOne({ name: 'AIKO' }))).code).toBe(11000);
  expect(await items.countDocuments({ name: 'aiko' }, { collation })).toBe(1);
  expect(
    (await failure(items.find({}, { collation: { locale: 'ja', strength: 3 } }).toArray())).code,
  ).toBe(238);
});

test('upserts, findOneAndUpdate and bulk writes report what they did', async () => {
  const up = await items.updateOne(
    { k: 1 },
    { $set: { v: 1 }, $setOnInsert: { made: true } },
    { upsert: true },
  );
  expect(up.upsertedCount).toBe(1);
  expect(
    await items.findOneAndUpdate(
      { k: 1 },
      { $inc: { v: 1 } },
      { returnDocument: 'after', projection: { _id: 0 } },
    ),
  ).toEqual({ k: 1, v: 2, made: true });
  expect(await items.findOneAndDelete({ k: 1 }, { projection: { v: 1, _id: 0 } })).toEqual({
    v: 2,
  });
  const bulk = await items.bulkWrite([
    { insertOne: { document: { k: 2 } } },
    { updateMany: { filter: {}, update: { $set: { x: 1 } } } },
    { replaceOne: { filter: { k: 9 }, replacement: { k: 9 }, upsert: true } },
    { deleteOne: { filter: { k: 2 } } },
  ]);
  expect([bulk.insertedCount, bulk.modifiedCount, bulk.upsertedCount, bulk.deletedCount]).toEqual([
    1, 1, 1, 1,
  ]);
  const error = await failure(
    items.bulkWrite(
      [
        { insertOne: { document: { _id: 1 as never } } },
        { insertOne: { document: { _id: 1 as never } } },
        { insertOne: { document: { k: 3 } } },
      ],
      { ordered: false },
    ),
  );
  expect(error['insertedCount'] ?? error['result']?.insertedCount).toBe(2);
});

test('a validator refuses and names the rule that failed', async () => {
  await db.createCollection('money', {
    validator: {
      $jsonSchema: { required: ['yen'], properties: { yen: { bsonType: 'long', minimum: 0 } } },
    },
  });
  const money = db.collection('money');
  await money.insertOne({ yen: 5n });
  const error = await failure(money.insertOne({ yen: 5.5 }));
  expect(error.code).toBe(121);
  expect(error.errInfo?.['details'].schemaRulesNotSatisfied).toEqual([
    { operatorName: 'bsonType', path: 'yen' },
  ]);
  expect((await failure(money.updateOne({}, { $set: { yen: -1n } }))).code).toBe(121);
  await db.command({ collMod: 'money', validator: {} });
  await money.insertOne({ free: true });
});

test('aggregation groups, joins and counts', async () => {
  await items.insertMany([
    { k: 'a', n: 1n, tags: ['x', 'y'] },
    { k: 'a', n: 2n, tags: ['x'] },
    { k: 'b', n: 5n, tags: [] },
  ]);
  await db.collection('names').insertMany([{ key: 'a', name: 'Apple' }]);
  const rows = await items
    .aggregate(
      [
        { $group: { _id: '$k', sum: { $sum: '$n' }, all: { $push: '$n' } } },
        { $lookup: { from: 'names', localField: '_id', foreignField: 'key', as: 'name' } },
        { $set: { name: { $first: '$name.name' } } },
        { $sort: { _id: 1 } },
      ],
      { useBigInt64: true },
    )
    .toArray();
  expect(rows).toEqual([
    { _id: 'a', sum: 3n, all: [1n, 2n], name: 'Apple' },
    { _id: 'b', sum: 5n, all: [5n] },
  ]);
  expect(
    await items.aggregate([{ $unwind: '$tags' }, { $sortByCount: '$tags' }]).toArray(),
  ).toEqual([
    { _id: 'x', count: 2 },
    { _id: 'y', count: 1 },
  ]);
  expect((await failure(items.aggregate([{ $fly: 1 }]).toArray())).code).toBe(40324);
  expect((await failure(items.aggregate([{ $project: { a: { $fly: 1 } } }]).toArray())).code).toBe(
    168,
  );
});

test('business days are cut in the time zone of the business', async () => {
  await items.insertOne({ at: new Date('2019-07-01T15:30:00Z') });
  const [row] = await items
    .aggregate([
      {
        $project: {
          _id: 0,
          day: { $dateToString: { date: '$at', format: '%Y-%m-%d', timezone: 'Asia/Tokyo' } },
          start: { $dateTrunc: { date: '$at', unit: 'day', timezone: 'Asia/Tokyo' } },
        },
      },
    ])
    .toArray();
  expect(row).toEqual({ day: '2019-07-02', start: new Date('2019-07-01T15:00:00Z') });
});

test('collections are listed, renamed and dropped with their indexes', async () => {
  await items.createIndex({ a: 1 });
  await items.insertOne({ a: 1 });
  await items.rename('things');
  expect((await db.listCollections().toArray()).map((c) => c.name)).toEqual(['things']);
  expect(await db.collection('things').countDocuments({ a: 1 })).toBe(1);
  await db.dropCollection('things');
  expect(await db.collection('things').countDocuments({})).toBe(0);
});

test('expired documents go, others stay', async () => {
  const short = await TestEngine.start({ ttlSeconds: 1 });
  try {
    const codes = (await short.connect()).db('a').collection<Document>('codes');
    await codes.createIndex({ until: 1 }, { expireAfterSeconds: 0 });
    await codes.insertMany([
      { k: 1, until: new Date(Date.now() - 1000) },
      { k: 2, until: new Date(Date.now() + 60_000) },
      { k: 3, until: 5 },
      { k: 4 },
      { k: 5, until: [new Date(), new Date(Date.now() + 60_000)] },
    ]);
    await expect.poll(() => codes.distinct('k'), { timeout: 4000 }).toEqual([2, 3, 4]);
  } finally {
    await short.stop();
  }
});

test('a result larger than a message comes in several batches, a document above 16 MiB is refused', async () => {
  await items.insertMany(
    Array.from({ length: 40 }, (_, i) => ({ n: i, pad: 'x'.repeat(1_000_000) })),
  );
  expect((await items.find({}).toArray()).length).toBe(40);
  expect((await failure(items.insertOne({ pad: 'x'.repeat(16 * 1024 * 1024) }))).message).toMatch(
    /larger|too large|invalid/i,
  );
});
