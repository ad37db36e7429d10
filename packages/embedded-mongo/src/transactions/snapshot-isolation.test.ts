import { MongoServerError, type ClientSession, type Collection } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

/*
 * Clients move money between accounts in random transactions and read all of them in others.
 * Under snapshot isolation every reader sees one committed state: the sum is constant, versions
 * never go back for one reader, and no increment is lost.
 */

const ACCOUNTS = 6;
const START = 1000;

interface Account {
  _id: number;
  yen: number;
  version: number;
}

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
let state = seed;
const random = (below: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.start();
});
afterAll(() => engine.stop());

async function transfer(accounts: Collection<Account>, session: ClientSession): Promise<void> {
  const [from, to, yen] = [random(ACCOUNTS), random(ACCOUNTS), 1 + random(50)];
  const payer = await accounts.findOne({ _id: from }, { session });
  const payee = await accounts.findOne({ _id: to }, { session });
  if (!payer || !payee || from === to) return;
  // Written from what was read: a lost update would break the sum.
  await accounts.updateOne(
    { _id: from },
    { $set: { yen: payer.yen - yen }, $inc: { version: 1 } },
    { session },
  );
  await accounts.updateOne(
    { _id: to },
    { $set: { yen: payee.yen + yen }, $inc: { version: 1 } },
    { session },
  );
}

test(`readers see one committed state and no transfer is lost (seed ${seed})`, async () => {
  const client = await engine.connect({ maxPoolSize: 30 });
  const accounts = client.db('si').collection<Account>('accounts');
  await accounts.createIndex({ yen: 1 });
  await accounts.insertMany(
    Array.from({ length: ACCOUNTS }, (_, i) => ({ _id: i, yen: START, version: 0 })),
  );
  let [commits, conflicts, writes] = [0, 0, 0];
  const from = Date.now();
  // Long enough on any machine, and until something was proven; a starved one gets more time.
  const done = (): boolean => {
    const ms = Date.now() - from;
    return ms > 12_000 || (ms > 1500 && commits > 20 && conflicts > 0);
  };

  const writer = async (): Promise<void> => {
    const session = client.startSession();
    while (!done()) {
      session.startTransaction();
      try {
        await transfer(accounts, session);
        const own = await accounts.find({}, { session }).toArray();
        expect(own.reduce((sum, a) => sum + a.yen, 0)).toBe(ACCOUNTS * START);
        await session.commitTransaction();
        commits += 1;
      } catch (error) {
        if (!(error instanceof MongoServerError)) throw error;
        expect([error.code, error.hasErrorLabel('TransientTransactionError')]).toEqual([112, true]);
        conflicts += 1;
        await session.abortTransaction();
      }
    }
    await session.endSession();
  };

  const reader = async (): Promise<void> => {
    const session = client.startSession();
    let seen = new Map<number, number>();
    while (!done()) {
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      const first = await accounts.find({}, { session }).sort({ _id: 1 }).toArray();
      // The same snapshot by the index, in several batches.
      const second = await accounts
        .find({ yen: { $gte: -100_000 } }, { session, batchSize: 2 })
        .sort({ yen: 1 })
        .toArray();
      await session.commitTransaction();
      expect(second.sort((a, b) => a._id - b._id)).toEqual(first);
      expect(first.reduce((sum, a) => sum + a.yen, 0)).toBe(ACCOUNTS * START);
      for (const a of first) expect(a.version).toBeGreaterThanOrEqual(seen.get(a._id) ?? 0);
      seen = new Map(first.map((a) => [a._id, a.version]));
    }
    await session.endSession();
  };

  await Promise.all([...Array.from({ length: 6 }, writer), reader(), reader()]);
  for (const a of await accounts.find({}).toArray()) writes += a.version;
  expect(commits).toBeGreaterThan(20);
  expect(conflicts).toBeGreaterThan(0);
  expect(writes).toBeLessThanOrEqual(commits * 2);
  expect(writes % 2).toBe(0);
});
