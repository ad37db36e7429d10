import { type TestDatabase, testDatabase } from '@7pay/testing';
import { Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { writeRows } from './deferred-writes.ts';
import { defineModel } from './define-model.ts';
import { findRow, insertRow, updateRow } from './rows.ts';
import { unitOfWork } from './unit-of-work.ts';

let database: TestDatabase;
let commands: string[] = [];
let connection: Awaited<ReturnType<typeof connect>>;
beforeAll(async () => {
  database = await testDatabase('deferred');
  connection = await connect(database.uri, { dbName: database.dbName, onCommand: () => {} });
  connection.getClient().on('commandStarted', ({ commandName }) => commands.push(commandName));
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

interface Row {
  _id: string;
  n: number;
}
const model = (name: string) =>
  defineModel(connection, name, new Schema<Row>({ _id: String, n: Number }, { versionKey: false }));
const otherwise = 'it was there';

describe.each([
  ['as one command', true],
  ['one by one', false],
])('writes that wait, sent %s', (_, asOne) => {
  const inUnit = <Result>(body: Parameters<ReturnType<typeof unitOfWork>>[0]) =>
    unitOfWork(connection, { deferring: true, asOne, deadlineMs: 5_000 })(body) as Promise<Result>;
  const rows = () => model(`rows_${asOne}`);
  const others = () => model(`others_${asOne}`);
  const all = async () => {
    const found = await Promise.all([rows().find().lean(), others().find().lean()]);
    return found.map((each) => Object.fromEntries(each.map(({ _id, n }) => [_id, n])));
  };
  const clear = () => Promise.all([rows().deleteMany({}), others().deleteMany({})]);
  const writesSent = () => commands.filter((each) => /^(insert|update|bulkWrite)$/.test(each));

  it('are written together at the end, in their order', async () => {
    await clear();
    commands = [];
    await inUnit(async (session) => {
      await insertRow(rows(), { _id: 'a', n: 1 }, session);
      await updateRow(rows(), { _id: 'a' }, { $set: { n: 2 } }, { session, otherwise });
      await insertRow(others(), { _id: 'b', n: 3 }, session);
    });
    expect(await all()).toEqual([{ a: 2 }, { b: 3 }]);
    expect(writesSent()).toEqual(asOne ? ['bulkWrite'] : ['insert', 'update', 'insert']);
  });

  it('are seen by what is read after them', async () => {
    await clear();
    const seen = await inUnit(async (session) => {
      await insertRow(rows(), { _id: 'a', n: 1 }, session);
      return findRow(rows(), { _id: 'a' }, session);
    });
    expect(seen).toEqual({ _id: 'a', n: 1 });
  });

  it('are all undone when an update matches nothing', async () => {
    await clear();
    const failing = inUnit(async (session) => {
      await insertRow(rows(), { _id: 'a', n: 1 }, session);
      await updateRow(others(), { _id: 'nobody' }, { $set: { n: 1 } }, { session, otherwise });
    });
    await expect(failing).rejects.toThrow(otherwise);
    expect(await all()).toEqual([{}, {}]);
  });

  it('run again when a copy of the same work was committed meanwhile', async () => {
    await clear();
    let runs = 0;
    const once = () =>
      inUnit(async (session) => {
        runs += 1;
        const earlier = await findRow(rows(), { _id: 'a' }, session);
        if (earlier) return earlier;
        await insertRow(others(), { _id: `b${runs}`, n: runs }, session);
        await insertRow(rows(), { _id: 'a', n: 1 }, session);
        return { _id: 'a', n: 1 };
      });
    const answers = await Promise.all(Array.from({ length: 6 }, once));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const [first, second] = await all();
    expect([Object.keys(first!), Object.keys(second!).length]).toEqual([['a'], 1]);
    expect(runs).toBeGreaterThan(6);
  });

  it('may find nothing where that is no fault, make a document, and take one away', async () => {
    await clear();
    await rows().create({ _id: 'a', n: 1 });
    const update = { $set: { n: 3 } };
    const maybe = { name: 'updateOne', update, otherwise: null } as const;
    await inUnit((session) =>
      writeRows(
        connection,
        [
          { ...maybe, into: rows(), filter: { _id: 'nobody' } },
          { ...maybe, into: others(), filter: { _id: 'b' }, upsert: true },
          { name: 'updateOne', into: rows(), filter: { _id: 'a' }, update, otherwise },
          { name: 'deleteOne', into: rows(), filter: { _id: 'a' }, otherwise },
        ],
        session,
      ),
    );
    expect(await all()).toEqual([{}, { b: 3 }]);
  });

  it.each([
    ['alone', []],
    ['beside one that may find nothing', ['nobody']],
  ])('are all undone when what has to go is gone: %s', async (__, missing) => {
    await clear();
    const failing = inUnit(async (session) => {
      await insertRow(others(), { _id: 'b', n: 1 }, session);
      const maybe = missing.map((_id) => ({
        name: 'updateOne' as const,
        into: rows(),
        filter: { _id },
        update: { $set: { n: 1 } },
        otherwise: null,
      }));
      const gone = { name: 'deleteOne', into: rows(), filter: { _id: 'a' }, otherwise } as const;
      await writeRows(connection, [...maybe, gone], session);
    });
    await expect(failing).rejects.toThrow(otherwise);
    expect(await all()).toEqual([{}, {}]);
  });

  it('of a body that throws are never sent', async () => {
    await clear();
    commands = [];
    const failing = inUnit(async (session) => {
      await insertRow(rows(), { _id: 'a', n: 1 }, session);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(writesSent()).toEqual([]);
    expect(await all()).toEqual([{}, {}]);
  });
});
