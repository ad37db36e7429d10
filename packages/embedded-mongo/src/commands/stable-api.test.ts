import type { Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

let engine: TestEngine;
let plain: MongoClient;
let strict: MongoClient;

beforeAll(async () => {
  engine = await TestEngine.start();
  plain = await engine.connect();
  strict = await engine.connect({ serverApi: { version: '1', strict: true } });
});
afterAll(() => engine.stop());

test('a client that declares version 1 strictly can do what version 1 has', async () => {
  const items = strict.db('api').collection('items');
  await items.createIndex({ n: 1 });
  await items.insertMany([{ n: 1 }, { n: 2 }]);
  await items.updateOne({ n: 1 }, { $inc: { n: 5 } });
  expect(await items.find({}, { batchSize: 1, sort: { n: 1 } }).toArray()).toHaveLength(2);
  expect(await items.estimatedDocumentCount()).toBe(2);
  const counted = items.aggregate([{ $collStats: { count: {} } }, { $project: { count: 1 } }]);
  expect(await counted.toArray()).toEqual([{ count: 2 }]);
  await strict.withSession((session) =>
    session.withTransaction(() => items.deleteMany({}, { session })),
  );
  expect(await items.countDocuments()).toBe(0);
});

test.each<[string, Document, string]>([
  ['distinct', { distinct: 'items', key: 'n' }, 'api'],
  ['a command that this engine refuses', { testVersion2: 1 }, 'api'],
  [
    '$listLocalSessions',
    { aggregate: 1, pipeline: [{ $listLocalSessions: {} }], cursor: {} },
    'api',
  ],
  [
    '$collStats of more than a count',
    { aggregate: 'items', pipeline: [{ $collStats: { storageStats: {} } }], cursor: {} },
    'api',
  ],
  ['a field that may change', { find: 'items', showRecordId: true }, 'api'],
])('under apiStrict %s is refused with 323', async (_, command, db) => {
  const error = await failure(strict.db(db).command(command));
  expect([error.code, error.codeName]).toEqual([323, 'APIStrictError']);
});

test('another version is refused with 322, and strictness without a version', async () => {
  const db = plain.db('api');
  expect((await failure(db.command({ ping: 1, apiVersion: '2' }))).code).toBe(322);
  expect((await failure(db.command({ ping: 1, apiStrict: true }))).code).toBe(4886600);
});
