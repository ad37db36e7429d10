import { Long, Timestamp, type Collection, type Document, type MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { InProcessEngine } from '../testing/in-process.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';

let engine: TestEngine;
let client: MongoClient;
let rows: Collection<Document>;
beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await client.db('d').dropDatabase();
  rows = client.db('d').collection('rows');
  await rows.createIndex({ n: 1 });
  await rows.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
});

test('a snapshot session reads one moment with find, aggregate, distinct and its cursors', async () => {
  await client.withSession({ snapshot: true }, async (session) => {
    const cursor = rows.find({}, { session, batchSize: 3, sort: { n: 1 } });
    expect((await cursor.next())?.['n']).toBe(0);
    await rows.updateMany({}, { $inc: { n: 100 } });
    await rows.insertOne({ n: 500 });
    await rows.deleteOne({ n: 109 });
    expect((await cursor.toArray()).map((row) => row['n'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await rows.distinct('n', {}, { session })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await rows.find({ n: { $gte: 5 } }, { session }).toArray()).toHaveLength(5);
    expect(
      await rows.aggregate([{ $group: { _id: null, sum: { $sum: '$n' } } }], { session }).toArray(),
    ).toMatchObject([{ sum: 45 }]);
  });
  expect(await rows.countDocuments({ n: { $gte: 100 } })).toBe(10);
});

test('two snapshot sessions read the two moments at which they began', async () => {
  const [one, two] = [
    client.startSession({ snapshot: true }),
    client.startSession({ snapshot: true }),
  ];
  const count = (session: typeof one): Promise<number> => rows.countDocuments({}, { session });
  expect(await count(one)).toBe(10);
  await rows.insertOne({ n: 10 });
  expect(await count(two)).toBe(11);
  await rows.deleteMany({});
  expect([await count(one), await count(two)]).toEqual([10, 11]);
  await Promise.all([one.endSession(), two.endSession()]);
});

const readAt = (at: Timestamp): Promise<unknown> =>
  client
    .db('d')
    .command({ find: 'rows', readConcern: { level: 'snapshot', atClusterTime: at } })
    .catch((error: unknown) => error);

test('a moment nobody held is too old, and one that has not come is refused', async () => {
  const first = await client.db('d').command({ ping: 1 });
  const past = first['operationTime'] as Timestamp;
  await rows.insertOne({ n: 1 });
  const old = Timestamp.fromBits(0, past.getHighBits() - 3600);
  expect(await readAt(old)).toMatchObject({ code: 239 });
  const future = new Timestamp({ t: past.getHighBits() + 3600, i: 1 });
  expect(await readAt(future)).toMatchObject({ code: 72 });
  expect(await readAt(Long.fromNumber(5) as unknown as Timestamp)).toMatchObject({ code: 14 });
});

test.each<[string, Document]>([
  ['count', { count: 'rows' }],
  ['an insert', { insert: 'rows', documents: [{ n: 1 }] }],
  ['listCollections', { listCollections: 1 }],
])('%s takes no readConcern snapshot', async (_, command) => {
  await expect(
    client.db('d').command({ ...command, readConcern: { level: 'snapshot' } }),
  ).rejects.toMatchObject({ code: 72 });
});

test('a moment from before an index was built is not read by that index', async () => {
  const session = client.startSession({ snapshot: true });
  expect(await rows.countDocuments({}, { session })).toBe(10);
  await rows.createIndex({ other: 1 });
  await expect(rows.countDocuments({}, { session })).rejects.toMatchObject({ code: 246 });
  await session.endSession();
});

const documentsOf = (reply: Doc, batch: 'firstBatch' | 'nextBatch'): Value[] => {
  const cursor = reply.get('cursor');
  const docs = isDoc(cursor) ? cursor.get(batch) : null;
  return Array.isArray(docs) ? docs : [];
};
const sumOf = (docs: readonly Value[], field: string): number =>
  docs.reduce((sum: number, doc) => sum + Number(isDoc(doc) ? doc.get(field) : Number.NaN), 0);

test('one command that takes longer than a moment is kept reads that moment to its end', async () => {
  let nowMs = Date.now();
  // Every look at the clock finds a slice used up: a walk rests between two documents.
  const db = new InProcessEngine({ now: () => (nowMs += 10), settings: { snapshotHistoryMs: 5 } });
  const documents = Array.from({ length: 100 }, (_, _id) => ({ _id, n: 1 }));
  await db.run({ insert: 'rows', documents });
  const passes = async (reading: Promise<Doc>, _id: number): Promise<Doc> => {
    db.engine.snapshots.sweep((nowMs += 3_600_000));
    await db.run({ update: 'rows', updates: [{ q: { _id }, u: { $inc: { n: 1000 } } }] });
    return reading;
  };
  const readConcern = { level: 'snapshot' };
  const pipeline = [{ $group: { _id: null, sum: { $sum: '$n' } } }];
  const reading = db.run({ aggregate: 'rows', pipeline, cursor: {}, readConcern });
  expect(sumOf(documentsOf(await passes(reading, 99), 'firstBatch'), 'sum')).toBe(100);

  const first = await db.run({
    find: 'rows',
    filter: { _id: { $ne: 99 } },
    batchSize: 1,
    readConcern,
  });
  const cursor = first.get('cursor');
  const getMore = isDoc(cursor) ? cursor.get('id') : null;
  const more = await passes(db.run({ getMore, collection: 'rows' } as never), 98);
  expect(sumOf(documentsOf(more, 'nextBatch'), 'n')).toBe(98);
  db.close();
});
