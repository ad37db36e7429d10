import type { Collection, Db, Document, MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

interface Parcel extends Document {
  _id: number;
  weight: number;
}

let engine: TestEngine;
let client: MongoClient;
let db: Db;
let parcels: Collection<Parcel>;

beforeAll(async () => {
  engine = await TestEngine.start({ testCommands: true });
  client = await engine.connect();
  db = client.db('depot');
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await db.dropDatabase();
  parcels = db.collection('parcels');
  await parcels.insertOne({ _id: 1, weight: 10 });
});

const POINTS = ['failCommand', 'onPrimaryTransactionalWrite', 'failGetMoreAfterCursorCheckout'];
const plant = (name: string, mode: unknown, data?: Document): Promise<Document> =>
  client.db('admin').command({ configureFailPoint: name, mode, ...(data ? { data } : {}) });
afterEach(async () => {
  for (const name of [...POINTS, 'maxTimeAlwaysTimeOut']) await plant(name, 'off');
});

test('a write that was committed and not answered is answered from its kept result', async () => {
  await plant('onPrimaryTransactionalWrite', { times: 1 });
  const result = await parcels.updateOne({ _id: 1 }, { $inc: { weight: 1 } });
  expect(result.modifiedCount).toBe(1);
  expect(await parcels.findOne()).toEqual({ _id: 1, weight: 11 });
});

test('a write that fails before its commit is written by the retry', async () => {
  await plant('onPrimaryTransactionalWrite', { times: 1 }, { failBeforeCommitExceptionCode: 1 });
  await parcels.insertMany([
    { _id: 2, weight: 2 },
    { _id: 3, weight: 3 },
  ]);
  expect(await parcels.countDocuments()).toBe(3);
});

test('a write that never gets to its commit leaves nothing behind', async () => {
  await plant('onPrimaryTransactionalWrite', { times: 2 }, { failBeforeCommitExceptionCode: 1 });
  await failure(parcels.deleteOne({ _id: 1 }));
  expect(await parcels.findOne()).toEqual({ _id: 1, weight: 10 });
});

test('a statement that was written before a lost connection does not count as another write', async () => {
  await plant('onPrimaryTransactionalWrite', { skip: 1 });
  const result = await parcels.bulkWrite([
    { updateOne: { filter: { _id: 1 }, update: { $inc: { weight: 1 } } } },
    { updateOne: { filter: { _id: 1 }, update: { $inc: { weight: 5 } } } },
  ]);
  expect(result.modifiedCount).toBe(2);
  expect(await parcels.findOne()).toEqual({ _id: 1, weight: 16 });
});

test('an error of a getMore tells a change stream to resume, and other cursors nothing', async () => {
  await parcels.insertOne({ _id: 2, weight: 2 });
  await plant(
    'failGetMoreAfterCursorCheckout',
    { times: 2 },
    { failCommands: ['getMore'], errorCode: 91, errmsg: 'the lift is out of order' },
  );
  const cursor = parcels.find({}, { batchSize: 1 });
  const error = await failure(cursor.toArray());
  expect([error.code, error.hasErrorLabel('ResumableChangeStreamError')]).toEqual([91, false]);
  expect(error.message).toBe('the lift is out of order');
  const stream = parcels.watch([], { maxAwaitTimeMS: 20 });
  await stream.tryNext();
  await parcels.insertOne({ _id: 3, weight: 3 });
  expect(await stream.next()).toMatchObject({ documentKey: { _id: 3 } });
  await stream.close();
});

test('an error of `failCommand` on a getMore has no label that nobody asked for', async () => {
  const stream = parcels.watch([], { maxAwaitTimeMS: 20 });
  await stream.tryNext();
  await plant('failCommand', { times: 1 }, { failCommands: ['getMore'], errorCode: 6 });
  expect((await failure(stream.next())).code).toBe(6);
  await stream.close();
});

test('every command with a time limit is out of time while `maxTimeAlwaysTimeOut` is on', async () => {
  await plant('maxTimeAlwaysTimeOut', 'alwaysOn');
  expect((await failure(parcels.findOne({}, { maxTimeMS: 60_000 }))).code).toBe(50);
  expect(await parcels.findOne()).toEqual({ _id: 1, weight: 10 });
});

test('a fail point or an option of one that is not known is refused', async () => {
  expect((await failure(plant('sleepForever', 'alwaysOn'))).code).toBe(238);
  expect((await failure(plant('maxTimeAlwaysTimeOut', 'alwaysOn', { a: 1 }))).code).toBe(2);
  expect((await failure(plant('maxTimeAlwaysTimeOut', { activationProbability: 0.5 }))).code).toBe(
    238,
  );
});
