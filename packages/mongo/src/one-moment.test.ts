import { type TestDatabase, testDatabase } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOneMoment, inSession } from './one-moment.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('one_moment');
});
afterAll(() => database.drop());

const rows = (name: string) => database.connection.collection<{ _id: number; n: number }>(name);

describe('reads at one moment', () => {
  it('see of every collection what was there at the first of them', async () => {
    for (const name of ['first', 'second']) await rows(name).insertOne({ _id: 1, n: 1 });
    const seen = await atOneMoment(database.connection, async (session) => {
      const before = await rows('first').find({}, inSession(session)).toArray();
      for (const name of ['first', 'second'])
        await rows(name).updateOne({ _id: 1 }, { $inc: { n: 1 } });
      await rows('first').insertOne({ _id: 2, n: 1 });
      const again = await rows('first').find({}, inSession(session)).toArray();
      const other = await rows('second').findOne({}, inSession(session));
      const sums = await rows('first')
        .aggregate([{ $group: { _id: null, n: { $sum: '$n' } } }], inSession(session))
        .toArray();
      return { before, again, other, sums };
    });
    expect(seen).toEqual({
      before: [{ _id: 1, n: 1 }],
      again: [{ _id: 1, n: 1 }],
      other: { _id: 1, n: 1 },
      sums: [{ _id: null, n: 1 }],
    });
    expect(await rows('second').findOne({})).toMatchObject({ n: 2 });
  });
});
