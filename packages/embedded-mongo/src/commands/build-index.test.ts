import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Collection, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

const COUNT = 8_000;

vi.setConfig({ testTimeout: 40_000 });

let engine: TestEngine;
let client: MongoClient;
let rows: Collection<Document>;
let round = 0;
beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  rows = client.db('d').collection(`rows${++round}`);
  for (let from = 0; from < COUNT; from += 4000)
    await rows.insertMany(
      Array.from({ length: 4000 }, (_, i) => ({ n: from + i, tags: [from + i, -1 - i] })),
    );
});

const entriesLeft = async (): Promise<number> => {
  await engine.disconnect();
  await engine.engine.stop();
  const file = new DatabaseSync(join(engine.dataDir, 'data.sqlite'));
  const row = file.prepare('SELECT count(*) AS n FROM ent').get() as { n: number };
  file.close();
  await engine.restart();
  client = await engine.connect();
  return row.n;
};

test('while an index is built others are served, and writers to the collection come after it', async () => {
  const order: string[] = [];
  const build = rows.createIndex({ tags: 1 }).then(() => order.push('built'));
  const written = rows.insertOne({ n: COUNT, tags: [COUNT] }).then(() => order.push('written'));
  for (let n = 0; n < 5; n++) await client.db('d').collection('others').insertOne({ n });
  order.push('others');
  await Promise.all([build, written]);
  expect(order.slice(-2)).toEqual(['built', 'written']);
  expect(order[0]).toBe('others');
  const found = rows.find({ tags: COUNT });
  expect((await found.explain('executionStats')).executionStats).toMatchObject({
    nReturned: 1,
    totalKeysExamined: 1,
  });
  expect(await client.db('d').command({ validate: rows.collectionName })).toMatchObject({
    valid: true,
  });
});

test('a transaction that meets a build starts again and succeeds', async () => {
  const build = rows.createIndex({ n: 1 });
  await client.withSession((session) =>
    session.withTransaction(() =>
      rows.updateOne({ _id: { $exists: true } }, { $set: { n: -5 } }, { session }),
    ),
  );
  await build;
  expect(await rows.countDocuments({ n: -5 })).toBe(1);
});

test('a unique index over a key that is there twice is refused and leaves nothing', async () => {
  const before = await entriesLeft();
  rows = client.db('d').collection(rows.collectionName);
  await rows.insertOne({ n: COUNT - 1 });
  await expect(rows.createIndex({ n: 1 }, { unique: true })).rejects.toMatchObject({
    code: 11000,
    keyValue: { n: COUNT - 1 },
  });
  expect((await rows.indexes()).map((index) => index.name)).toEqual(['_id_']);
  await expect.poll(entriesLeft, { timeout: 25_000, interval: 1000 }).toBe(before + 1);
});

test('a build that a crash cut off leaves nothing, and may be started again', async () => {
  const before = await entriesLeft();
  rows = client.db('d').collection(rows.collectionName);
  const build = rows.createIndex({ tags: 1 }).catch(() => 'cut off');
  await client.db('d').collection('others').insertOne({ n: 1 });
  await engine.crash();
  expect(
    await Promise.race([build, new Promise((resolve) => setTimeout(resolve, 5000, 'waits'))]),
  ).not.toBe('waits');
  const there = (await rows.indexes()).length;
  if (there === 1) {
    await expect.poll(entriesLeft, { timeout: 25_000, interval: 1000 }).toBe(before + 1);
    rows = client.db('d').collection(rows.collectionName);
    await rows.createIndex({ tags: 1 });
  }
  expect(await rows.countDocuments({ tags: 0 })).toBe(1);
  expect(await client.db('d').command({ validate: rows.collectionName })).toMatchObject({
    valid: true,
  });
});

test('a dropped collection is gone at once, and its rows in the turns that follow or after a crash', async () => {
  const name = rows.collectionName;
  const others = await client.db('d').collection('others').countDocuments({});
  await rows.drop();
  await engine.crash();
  client = await engine.connect();
  expect((await client.db('d').listCollections().toArray()).map((c) => c.name)).not.toContain(name);
  expect(await client.db('d').collection(name).countDocuments({})).toBe(0);
  await client.db('d').dropDatabase();
  expect(others).toBeGreaterThan(0);
  await expect.poll(entriesLeft, { timeout: 25_000, interval: 1000 }).toBe(0);
});

test('a cursor whose index is dropped under it hears of it instead of missing documents', async () => {
  await rows.createIndex({ n: 1 });
  const cursor = rows.find({ n: { $gte: 0 } }, { batchSize: 10 });
  await cursor.next();
  await rows.dropIndex('n_1');
  await expect(cursor.toArray()).rejects.toMatchObject({ code: 175 });
});
