import type { Collection, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

/*
 * One client's heavy work must leave turns for everybody else. The longest wait is printed by the
 * benchmark; here it only counts that others were served while the work went on.
 */

vi.setConfig({ testTimeout: 60_000 });

let engine: TestEngine;
let client: MongoClient;
let docs: Collection<Document>;
beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
  docs = client.db('heavy').collection('docs');
}, 60_000);
afterAll(() => engine.stop());

/** Runs work while another client pings, and says how often it was answered meanwhile. */
async function servedDuring(
  work: () => Promise<unknown>,
): Promise<{ served: number; result: unknown }> {
  let [served, done] = [0, false];
  const other = await engine.connect({ maxPoolSize: 1 });
  await other.db('admin').command({ ping: 1 });
  const pings = (async () => {
    while (!done) {
      await other.db('admin').command({ ping: 1 });
      served += 1;
    }
  })();
  const result = await work().catch((error: unknown) => error);
  const during = served;
  done = true;
  await pings;
  return { served: during, result };
}

test('patterns that never end are stopped one by one, and others are served between them', async () => {
  await docs.insertMany(Array.from({ length: 30 }, (_, n) => ({ n, text: `${'a'.repeat(50)}b` })));
  const slow = { text: { $regex: '(a+)+$' } };
  const { served, result } = await servedDuring(() =>
    Promise.allSettled(Array.from({ length: 10 }, () => docs.find(slow).toArray())),
  );
  for (const one of result as PromiseSettledResult<unknown>[])
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 51091 } });
  expect(served).toBeGreaterThan(3);
});

test('a sort above the cap is refused, and others are served while it gathers', async () => {
  const sorted = client.db('heavy').collection('sorted');
  const filler = Buffer.alloc(1_000_000);
  for (let n = 0; n < 110; n += 10)
    await sorted.insertMany(Array.from({ length: 10 }, (_, i) => ({ n: -(n + i), filler })));
  const { served, result } = await servedDuring(() => sorted.find().sort({ n: 1 }).toArray());
  expect(result).toMatchObject({ code: 292 });
  expect(served).toBeGreaterThan(1);
  await sorted.drop();
});

test('scans, sorts in memory and updates without an index leave turns for others', async () => {
  const wide = client.db('heavy').collection('wide');
  await wide.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n, k: (n * 7919) % 20_000 })));
  const jobs: (() => Promise<unknown>)[] = [
    () => wide.find().sort({ k: 1 }).toArray(),
    () => wide.aggregate([{ $group: { _id: '$k' } }, { $match: { _id: -1 } }]).toArray(),
    () => wide.updateOne({ k: { $mod: [20_000, 19_999] }, n: { $gt: 0 } }, { $set: { hit: true } }),
    () => wide.findOneAndUpdate({ absent: 1 }, { $set: { hit: true } }, { upsert: true }),
    () => wide.deleteMany({ k: { $lt: 3000 } }),
  ];
  for (const job of jobs) {
    const { served, result } = await servedDuring(job);
    expect(result).not.toBeInstanceOf(Error);
    expect(served).toBeGreaterThan(0);
  }
  expect(await wide.countDocuments({ hit: true })).toBe(2);
});

test('the time a cursor lies idle does not count against maxTimeMS', async () => {
  const cursor = docs.find({}, { batchSize: 2, maxTimeMS: 150 });
  await cursor.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await cursor.toArray()).length).toBe(29);
});
