import mongoose, { Schema, type Connection } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from './engine.ts';

let engine: TestEngine;
let connection: Connection;

beforeAll(async () => {
  engine = await TestEngine.start({ auth: true });
  connection = await mongoose.createConnection(engine.engine.uri, { dbName: 'shop' }).asPromise();
});
afterAll(async () => {
  await connection.close();
  await engine.stop();
});

test('mongoose makes indexes, saves, finds and runs transactions', async () => {
  const schema = new Schema(
    { mail: { type: String, unique: true }, yen: Schema.Types.BigInt, tags: [String] },
    { timestamps: true },
  );
  const Member = connection.model('Member', schema);
  await Member.init();
  const member = await Member.create({ mail: 'a', yen: 10n, tags: ['x'] });
  member.tags.push('y');
  await member.save();
  await expect(Member.create({ mail: 'a' })).rejects.toMatchObject({
    code: 11000,
    keyValue: { mail: 'a' },
  });
  await connection.transaction(async (session) => {
    await Member.updateOne({ mail: 'a' }, { $inc: { yen: 5n } }, { session });
    await Member.create([{ mail: 'b', yen: 1n }], { session });
  });
  const found = await Member.find({ yen: { $gte: 1n } })
    .sort({ yen: -1 })
    .lean();
  expect(found.map((m) => [m.mail, BigInt(m.yen ?? 0), m.tags])).toEqual([
    ['a', 15n, ['x', 'y']],
    ['b', 1n, []],
  ]);
  await expect(
    connection.transaction(async (session) => {
      await Member.deleteMany({}, { session });
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await Member.countDocuments({})).toBe(2);
  expect(await Member.syncIndexes()).toEqual([]);
});
