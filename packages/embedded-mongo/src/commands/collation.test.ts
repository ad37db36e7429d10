import type { Collection, Db } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

interface Word {
  text: string;
  n?: number;
}

let engine: TestEngine;
let db: Db;
let words: Collection<Word>;

beforeAll(async () => {
  engine = await TestEngine.start();
  db = (await engine.connect()).db('dictionary');
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await db.dropDatabase();
  words = await db.createCollection<Word>('words', { collation: { locale: 'en', strength: 2 } });
  await words.insertMany([{ text: 'beta' }, { text: 'Alpha' }, { text: 'BETA' }, { text: 'Zeta' }]);
});

test('a collection made with a collation is read under it', async () => {
  const sorted = await words.find({}).sort({ text: 1 }).toArray();
  expect(sorted.map(({ text }) => text)).toEqual(['Alpha', 'beta', 'BETA', 'Zeta']);
  expect(await words.countDocuments({ text: 'beta' })).toBe(2);
  expect(await words.distinct('text')).toEqual(['Alpha', 'Zeta', 'beta']);
  const groups = await words.aggregate([{ $sortByCount: '$text' }, { $limit: 1 }]).toArray();
  expect(groups).toEqual([{ _id: 'beta', count: 2 }]);
});

test('a collection made with a collation is written under it', async () => {
  expect((await words.updateMany({ text: 'ALPHA' }, { $set: { n: 1 } })).modifiedCount).toBe(1);
  const changed = await words.findOneAndUpdate(
    { text: 'zETA' },
    { $inc: { n: 2 } },
    { returnDocument: 'after', projection: { _id: 0 } },
  );
  expect(changed).toEqual({ text: 'Zeta', n: 2 });
  expect((await words.deleteMany({ text: 'Beta' })).deletedCount).toBe(2);
});

test('an operation that asks for the simple collation compares bytes', async () => {
  const simple = { collation: { locale: 'simple' } };
  expect(await words.countDocuments({ text: 'beta' }, simple)).toBe(1);
  expect((await words.deleteMany({ text: 'Beta' }, simple)).deletedCount).toBe(0);
  const sorted = await words.find({}, simple).sort({ text: 1 }).toArray();
  expect(sorted.map(({ text }) => text)).toEqual(['Alpha', 'BETA', 'Zeta', 'beta']);
});
