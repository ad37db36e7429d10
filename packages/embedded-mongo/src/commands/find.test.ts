import type { Collection, Document, MongoClient, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

interface Seat extends Document {
  _id: number;
  row: string;
  price: number;
  tags?: string[];
}

let engine: TestEngine;
let client: MongoClient;
let seats: Collection<Seat>;

beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
  seats = client.db('hall').collection('seats');
  await client.db('hall').collection('other').insertOne({});
  await seats.insertMany([
    { _id: 1, row: 'a', price: 30 },
    { _id: 2, row: 'a', price: 20 },
    { _id: 3, row: 'b', price: 30 },
    { _id: 4, row: 'c', price: 10 },
  ]);
  await seats.createIndex({ row: 1, price: -1 });
});
afterAll(() => engine.stop());

const hint = { row: 1, price: -1 } as const;

test('min is included, max is not, and the keys follow the directions of the index', async () => {
  const found = await seats
    .find({}, { hint, min: { row: 'a', price: 20 }, max: { row: 'c', price: 10 } })
    .toArray();
  expect(found.map(({ _id }) => _id)).toEqual([2, 3]);
  const upper = await seats.find({ price: 30 }, { hint, max: { row: 'b', price: 40 } }).toArray();
  expect(upper.map(({ _id }) => _id)).toEqual([1]);
});

test('min and max need the hint of an index that has their fields, in their order', async () => {
  const ask = (options: Document): Promise<MongoServerError> =>
    failure(seats.find({}, options).toArray());
  expect((await ask({ min: { row: 'a', price: 1 } })).code).toBe(51173);
  expect((await ask({ hint, min: { row: 'a' } })).code).toBe(51174);
  expect((await ask({ hint: '_id_', min: { row: 'a', price: 1 } })).code).toBe(51174);
  expect((await ask({ hint: '_id_', min: { _id: 3 }, max: { _id: 3 } })).code).toBe(51175);
});

test('a record id is a long that counts from one in each collection', async () => {
  const options = { showRecordId: true, projection: { row: 1 }, promoteLongs: false };
  const [first] = await seats.find({}, options).sort({ _id: 1 }).toArray();
  expect(first?.['$recordId']).toHaveProperty('_bsontype', 'Long');
  expect(Number(first?.['$recordId'])).toBe(1);
  expect(Object.keys(first ?? {})).toEqual(['_id', 'row', '$recordId']);
});

test('returnKey gives the fields of the index that found the document', async () => {
  const keys = await seats.find({ row: 'a' }, { returnKey: true }).toArray();
  expect(keys).toEqual([
    { row: 'a', price: 30 },
    { row: 'a', price: 20 },
  ]);
  const both = { returnKey: true, showRecordId: true };
  expect(await seats.find({ price: 10 }, both).toArray()).toEqual([{}]);
  const shaped = seats.find({}, { returnKey: true, projection: { row: 1 } });
  expect((await failure(shaped.toArray())).code).toBe(238);
});

test('a filter for null does not use a partial index of documents that have the field', async () => {
  await seats.createIndex({ tags: 1 }, { partialFilterExpression: { tags: { $exists: true } } });
  expect(await seats.countDocuments({ tags: null as never })).toBe(4);
  expect(await seats.countDocuments({ tags: { $in: [null as never] } })).toBe(4);
});
