import type { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { SCENARIOS } from './calls.ts';
import { compareServers } from './compare.ts';

let engine: TestEngine;
let other: TestEngine;
let clients: readonly [MongoClient, MongoClient];
beforeAll(async () => {
  engine = await TestEngine.start();
  other = await TestEngine.start({ testCommands: true });
  clients = [await engine.connect(), await other.connect()];
});
afterAll(() => Promise.all([engine.stop(), other.stop()]));

test('two engines answer the whole list alike', { timeout: 60_000 }, async () => {
  const { calls, differences } = await compareServers(...clients);
  expect(differences).toEqual([]);
  expect(calls).toBe(SCENARIOS.reduce((sum, { commands }) => sum + commands.length, 0));
  expect(calls).toBeGreaterThan(2000);
});

test('an answer that differs is found and told with its command', { timeout: 60_000 }, async () => {
  await clients[1].db('admin').command({
    configureFailPoint: 'failCommand',
    mode: { times: 1 },
    data: { failCommands: ['distinct'], errorCode: 4711 },
  });
  const { differences } = await compareServers(...clients);
  expect(differences).toMatchObject([{ scenario: 'filters', other: 'error 4711' }]);
  expect(differences[0]?.command).toContain('"distinct":"rows"');
});
