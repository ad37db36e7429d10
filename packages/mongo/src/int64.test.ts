import { type TestDatabase, testDatabase } from '@7pay/testing';
import fc from 'fast-check';
import { Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineModel } from './define-model.ts';
import { fromInt64, int64 } from './int64.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('int64');
});
afterAll(() => database.drop());

const schema = new Schema<{ _id: string; amount: bigint }>(
  { _id: { type: String, required: true }, amount: { type: BigInt, required: true } },
  { versionKey: false },
);
const model = () => defineModel(database.connection, 'amounts', schema);
const isLong = async (_id: string) =>
  (await database.connection
    .collection<{ _id: string }>('amounts')
    .countDocuments({ _id, amount: { $type: 'long' } })) === 1;

describe('a whole number in the database', () => {
  it.each([0, 1, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1)])(
    '%s comes back exactly and is kept as int64',
    async (whole) => {
      const _id = String(whole);
      await model().create([{ _id, amount: int64(whole) }]);
      const row = await model().findById(_id).lean();
      expect(fromInt64(row?.amount)).toBe(whole);
      expect(await isLong(_id)).toBe(true);
    },
  );

  it('stays int64 when it is added to', async () => {
    await model().create([{ _id: 'sum', amount: int64(2 ** 53 - 2) }]);
    await model().updateOne({ _id: 'sum' }, { $inc: { amount: int64(1) } });
    const row = await model().findById('sum').lean();
    expect(fromInt64(row?.amount)).toBe(2 ** 53 - 1);
    expect(await isLong('sum')).toBe(true);
  });

  it('is compared as a whole number, not as its nearest double', async () => {
    await model().create([{ _id: 'edge', amount: 9_007_199_254_740_993n }]);
    expect(await model().countDocuments({ _id: 'edge', amount: 9_007_199_254_740_992n })).toBe(0);
    expect(await model().countDocuments({ _id: 'edge', amount: 9_007_199_254_740_993n })).toBe(1);
  });

  it('is exact for any safe number', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (whole) => {
        expect(fromInt64(int64(whole))).toBe(whole);
      }),
      { seed: 1 },
    );
  });

  it.each([
    ['a fraction', 1.5],
    ['more than 2^53 - 1', 2n ** 53n],
    ['a word', 'x'],
    ['nothing', undefined],
  ])('that is %s is damage, and thrown', (_, stored) => {
    expect(() => fromInt64(stored)).toThrow('not a safe whole number');
  });
});
