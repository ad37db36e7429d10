import type { Db, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

let engine: TestEngine;
let client: MongoClient;
let db: Db;
let admin: Db;

beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
  db = client.db('shop');
  admin = client.db('admin');
  await db.collection('items').insertMany([{ n: 1 }, { n: 2 }]);
});
afterAll(() => engine.stop());

const onDb = (database: Db, ...stages: Document[]): Promise<Document[]> =>
  database.aggregate(stages).toArray();
const onItems = (...stages: Document[]): Promise<Document[]> =>
  db.collection('items').aggregate(stages).toArray();

test('$documents starts a pipeline of a database, expressions included', async () => {
  const rows = await onDb(
    db,
    { $documents: [{ a: { $add: [1, 2] } }, { a: 1 }] },
    { $sort: { a: 1 } },
  );
  expect(rows).toEqual([{ a: 1 }, { a: 3 }]);
  expect((await failure(onDb(db, { $documents: [1] }))).code).toBe(5858203);
});

test('$listLocalSessions lists the sessions there are', async () => {
  const session = client.startSession();
  await db.collection('items').findOne({}, { session });
  const ids = (await onDb(db, { $listLocalSessions: {} })).map((row) => row['_id'].id.toString());
  expect(ids).toContain(session.id?.id.toUUID().toString());
  await session.endSession();
});

test('$currentOp shows the command that asks', async () => {
  const pipeline = [{ $currentOp: { localOps: true } }];
  const rows = await admin.aggregate(pipeline, { comment: 'who' }).toArray();
  expect(rows.find((row) => row['command'].comment === 'who')).toMatchObject({
    active: true,
    ns: 'admin.$cmd.aggregate',
    command: { aggregate: 1, pipeline, $db: 'admin' },
  });
  const idle = onDb(admin, { $currentOp: { idleConnections: true } });
  expect((await failure(idle)).code).toBe(238);
});

test('$collStats counts the documents of a collection that is there', async () => {
  expect(await onItems({ $collStats: { count: {} } }, { $project: { count: 1 } })).toEqual([
    { count: 2 },
  ]);
  const missing = db.collection('none').aggregate([{ $collStats: { count: {} } }]);
  expect((await failure(missing.toArray())).code).toBe(26);
  expect((await failure(onItems({ $collStats: { storageStats: {} } }))).code).toBe(238);
});

test('a source runs on what it is made for, and as the first stage', async () => {
  expect((await failure(onItems({ $listLocalSessions: {} }))).code).toBe(73);
  expect((await failure(onDb(db, { $collStats: { count: {} } }))).code).toBe(73);
  expect((await failure(onDb(db, { $currentOp: {} }))).code).toBe(73);
  expect((await failure(onDb(db, { $match: {} }))).code).toBe(73);
  expect((await failure(onItems({ $match: {} }, { $documents: [] }))).code).toBe(40602);
  const odd = db.command({ aggregate: 2, pipeline: [], cursor: {} });
  expect((await failure(odd)).code).toBe(9);
});
