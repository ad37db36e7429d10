import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { rawCommand } from '../testing/wire.ts';
import type { Plain } from '../values/encode.ts';
import { Timestamp } from '../values/types.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.start();
});
afterAll(() => engine.stop());

const find = (clusterTime: Plain[string]): Promise<unknown> =>
  rawCommand(engine.port, { find: 'items', $db: 'shop', $clusterTime: { clusterTime } }).then(
    (reply) => reply.get('code') ?? 'fine',
  );

test('a cluster time that is no timestamp is refused, any timestamp is heard', async () => {
  expect(await find({})).toBe(14);
  expect(await find(5)).toBe(14);
  expect(await find(new Timestamp(1, 1))).toBe('fine');
});
