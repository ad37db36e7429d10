import { type TestDatabase, testDatabase } from '@7pay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unitOfWork, UnitOfWorkTimedOut } from './unit-of-work.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('unit_of_work');
  await Promise.all(['rows', 'entries'].map((name) => database.connection.createCollection(name)));
});
afterAll(() => database.drop());

interface Row {
  _id: string;
  balance: number;
}
const rows = () => database.connection.collection<Row>('rows');
const entries = () => database.connection.collection<{ _id: string }>('entries');
beforeEach(async () => {
  await Promise.all([rows().deleteMany({}), entries().deleteMany({})]);
});

describe('a unit of work', () => {
  it('shows nothing before its commit, everything after it, and answers with the body’s result', async () => {
    const before: number[] = [];
    const result = await unitOfWork(database.connection)(async (session) => {
      await rows().insertOne({ _id: 'a', balance: 1 }, { session });
      await entries().insertOne({ _id: 'a' }, { session });
      before.push(await rows().countDocuments(), await entries().countDocuments());
      return 'done';
    });
    expect([result, before]).toEqual(['done', [0, 0]]);
    expect([await rows().countDocuments(), await entries().countDocuments()]).toEqual([1, 1]);
  });

  it('writes nothing when its body throws, and throws the same error, once', async () => {
    let bodies = 0;
    const error = new Error('no');
    const work = unitOfWork(database.connection)(async (session) => {
      bodies += 1;
      await rows().insertOne({ _id: 'a', balance: 1 }, { session });
      await entries().insertOne({ _id: 'a' }, { session });
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(bodies).toBe(1);
    expect([await rows().countDocuments(), await entries().countDocuments()]).toEqual([0, 0]);
  });

  it('racing another for one document runs its body again with the same id: both succeed', async () => {
    await rows().insertOne({ _id: 'a', balance: 0 });
    const seen: string[] = [];
    const add = (id: string) =>
      unitOfWork(database.connection, { deadlineMs: 10_000 })(async (session) => {
        seen.push(id);
        const row = await rows().findOne({ _id: 'a' }, { session });
        await rows().updateOne({ _id: 'a' }, { $set: { balance: row!.balance + 1 } }, { session });
        await entries().insertOne({ _id: id }, { session });
      });
    const ids = ['one', 'two', 'three', 'four', 'five'];
    await Promise.all(ids.map(add));
    expect(await rows().findOne({ _id: 'a' })).toEqual({ _id: 'a', balance: 5 });
    const written = await entries().find().toArray();
    expect(written.map(({ _id }) => _id).sort()).toEqual(ids.toSorted());
    expect(seen.length).toBeGreaterThan(5); // they really met
  });

  it('losing the race for one id runs again and finds the earlier', async () => {
    const make = (by: string) =>
      unitOfWork(database.connection, { deadlineMs: 10_000 })(async (session) => {
        const earlier = await rows().findOne({ _id: 'same' }, { session });
        if (earlier) return `found by ${by}`;
        await rows().insertOne({ _id: 'same', balance: 1 }, { session });
        return `made by ${by}`;
      });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(make));
    expect(answers.filter((answer) => answer.startsWith('made'))).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('found'))).toHaveLength(3);
    expect(await rows().countDocuments()).toBe(1);
  });

  it('whose id is taken for ever ends with that fault, within its deadline', async () => {
    await rows().insertOne({ _id: 'taken', balance: 1 });
    const start = performance.now();
    const work = unitOfWork(database.connection, { deadlineMs: 200 })(async (session) => {
      await entries().insertOne({ _id: 'beside' }, { session });
      await rows().insertOne({ _id: 'taken', balance: 2 }, { session });
    });
    await expect(work).rejects.toMatchObject({ code: 11000 });
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(await entries().countDocuments()).toBe(0);
  });

  it('that cannot have its document before the deadline times out and has written nothing', async () => {
    await rows().insertOne({ _id: 'held', balance: 0 });
    const holder = await database.connection.startSession();
    holder.startTransaction();
    await rows().updateOne({ _id: 'held' }, { $set: { balance: 9 } }, { session: holder });

    let bodies = 0;
    const start = performance.now();
    const work = unitOfWork(database.connection, { deadlineMs: 300 })(async (session) => {
      bodies += 1;
      await entries().insertOne({ _id: 'late' }, { session });
      await rows().updateOne({ _id: 'held' }, { $inc: { balance: 1 } }, { session });
    });
    await expect(work).rejects.toBeInstanceOf(UnitOfWorkTimedOut);
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(bodies).toBeGreaterThan(1);
    await holder.abortTransaction();
    await holder.endSession();
    expect(await entries().countDocuments()).toBe(0);
    expect(await rows().findOne({ _id: 'held' })).toEqual({ _id: 'held', balance: 0 });
  });

  it('reads one state of the database, whatever others write meanwhile', async () => {
    await rows().insertOne({ _id: 'a', balance: 1 });
    const seen = await unitOfWork(database.connection)(async (session) => {
      const first = await rows().findOne({ _id: 'a' }, { session });
      await rows().updateOne({ _id: 'a' }, { $set: { balance: 2 } });
      const second = await rows().findOne({ _id: 'a' }, { session });
      return [first?.balance, second?.balance];
    });
    expect(seen).toEqual([1, 1]);
  });
});
