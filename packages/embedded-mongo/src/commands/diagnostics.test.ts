import type { Db, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';

let engine: TestEngine;
let client: MongoClient;
let admin: Db;

beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
  admin = client.db('admin');
});
afterAll(() => engine.stop());

test('getParameter gives all parameters, or those that are named, and refuses unknown ones', async () => {
  expect(await admin.command({ getParameter: '*' })).toMatchObject({
    enableTestCommands: false,
    requireApiVersion: false,
    featureCompatibilityVersion: { version: '8.0' },
    transactionLifetimeLimitSeconds: 60,
  });
  const one: Document = await admin.command({ getParameter: 1, requireApiVersion: 1 });
  expect(one).toHaveProperty('requireApiVersion', false);
  expect(one).not.toHaveProperty('enableTestCommands');
  expect((await failure(admin.command({ getParameter: 1 }))).code).toBe(72);
  expect((await failure(admin.command({ getParameter: 1, warpFactor: 1 }))).code).toBe(72);
});

test('profiling is off and cannot be turned on', async () => {
  expect(await client.db('shop').profilingLevel()).toBe('off');
  expect((await failure(client.db('shop').command({ profile: 2 }))).code).toBe(238);
});

test('currentOp shows the command that asks, hostInfo the machine', async () => {
  const { inprog } = await admin.command({ currentOp: 1 });
  expect(inprog.map((op: Document) => Object.keys(op['command'])[0])).toContain('currentOp');
  expect((await admin.command({ hostInfo: 1 }))['system'].numCores).toBeGreaterThan(0);
});

test('search indexes are refused with the code of a server without Atlas Search', async () => {
  const items = client.db('shop').collection('items');
  await items.insertOne({});
  const model = { definition: { mappings: { dynamic: true } } };
  const attempts: (() => Promise<unknown>)[] = [
    () => items.createSearchIndex(model),
    () => items.updateSearchIndex('a', {}),
    () => items.dropSearchIndex('a'),
    () => items.listSearchIndexes().toArray(),
  ];
  for (const attempt of attempts) {
    const error = await failure(attempt());
    expect([error.code, error.message]).toEqual([31082, expect.stringContaining('Atlas')]);
  }
});

test('an explain of a verbosity that does not exist is refused', async () => {
  const find = client.db('shop').collection('items').find();
  expect((await failure(find.explain('loud' as never))).code).toBe(2);
});

test('a collection is validated beside its writers, but not in full then', async () => {
  const shop = client.db('shop');
  await shop.collection('items').insertOne({});
  const report = await shop.command({ validate: 'items', background: true });
  expect(report).toMatchObject({ valid: true, nIndexes: 1 });
  const both = shop.command({ validate: 'items', background: true, full: true });
  expect((await failure(both)).code).toBe(72);
});
