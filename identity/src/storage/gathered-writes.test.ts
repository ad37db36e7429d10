import { defineModel, type RowWrite, unitOfWork } from '@7pay/mongo';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { Schema } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  gather,
  gatherWork,
  gatherWrites,
  gatheredWrite,
  sendGathered,
} from './gathered-writes.ts';

interface Row {
  _id: string;
  n: number;
}
let database: TestDatabase;
let commands: string[] = [];
beforeAll(async () => {
  database = await testDatabase('gathered', { onCommand: (name) => void commands.push(name) });
});
afterAll(() => database.drop());
const model = () =>
  defineModel(
    database.connection,
    'rows',
    new Schema<Row>({ _id: String, n: Number }, { versionKey: false }),
  );
beforeEach(async () => {
  await model().deleteMany({});
  commands = [];
});

const put = (_id: string, n: number): RowWrite => ({
  name: 'updateOne',
  into: model(),
  filter: { _id },
  update: { $set: { n } },
  upsert: true,
  otherwise: null,
});
const useUp = (_id: string): RowWrite => ({
  name: 'deleteOne',
  into: model(),
  filter: { _id },
  otherwise: 'it was used up',
});
const all = async () =>
  Object.fromEntries((await model().find().lean()).map(({ _id, n }) => [_id, n]));
const request = async (body: () => Promise<unknown>) => {
  const { connection } = database;
  const gathered = await gatherWrites(body);
  await sendGathered(gathered, {
    connection,
    unitOfWork: unitOfWork(connection, { deferring: true }),
  });
};

describe('the writes of a request', () => {
  it('are sent at its end by one command, the last of each document', async () => {
    await request(async () => {
      expect(gather({ a: put('a', 1) })).toBe(true);
      gather({ b: put('b', 1) });
      gather({ a: put('a', 2) });
      expect(gatheredWrite('a')).toMatchObject({ update: { $set: { n: 2 } } });
      expect(commands).toEqual([]);
    });
    expect(commands).toHaveLength(1);
    expect(await all()).toEqual({ a: 2, b: 1 });
  });

  it('are none of a request beside it, nor of what runs outside of one', async () => {
    expect([gather({ a: put('a', 1) }), gatherWork(async () => {})]).toEqual([false, false]);
    await Promise.all([
      request(async () => void gather({ a: put('a', 1) })),
      request(async () => expect(gatheredWrite('a')).toBeUndefined()),
    ]);
    expect(gatheredWrite('a')).toBeUndefined();
  });

  it('are not sent when the request fails', async () => {
    const failing = request(async () => {
      gather({ a: put('a', 1) });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await all()).toEqual({});
  });

  it('stand or fall together where something is used up: once, of eight at once', async () => {
    await model().create({ _id: 'ticket', n: 1 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        request(async () => {
          gather({ [`code ${n}`]: put(`code ${n}`, n) });
          gather({ ticket: useUp('ticket') });
        }),
      ),
    );
    const lost = outcomes.flatMap((each) =>
      each.status === 'rejected' ? [String(each.reason)] : [],
    );
    expect(lost).toHaveLength(7);
    for (const reason of lost) expect(reason).toContain('it was used up');
    expect(Object.keys(await all())).toHaveLength(1);
  });

  it('stand or fall with the work that goes with them', async () => {
    const failing = request(async () => {
      gather({ a: put('a', 1) });
      gatherWork(async () => {
        throw new Error('the record is full');
      });
    });
    await expect(failing).rejects.toThrow('the record is full');
    expect(await all()).toEqual({});
  });
});
