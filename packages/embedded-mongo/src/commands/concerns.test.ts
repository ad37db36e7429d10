import { afterAll, beforeAll, expect, test } from 'vitest';
import { InProcessEngine, lsidOf } from '../testing/in-process.ts';
import type { Encodable, Plain } from '../values/encode.ts';
import { TRANSIENT } from '../values/errors.ts';

let db: InProcessEngine;
beforeAll(() => {
  db = new InProcessEngine();
});
afterAll(() => db.close());

const codeWith = async (name: string, concern: Encodable): Promise<unknown> =>
  (await db.run({ insert: 'rows', documents: [{}], [name]: concern })).get('code') ?? 'done';

test.each<[Encodable, unknown]>([
  [{ w: 'majority', j: true, wtimeout: 100 }, 'done'],
  [{ w: 1, fsync: false }, 'done'],
  [{ w: -1 }, 9],
  [{ w: 51 }, 9],
  [{ w: true }, 9],
  [{ j: 'yes' }, 14],
  [{ wtimeout: 'soon' }, 9],
  [{ w: 1, wings: 1 }, 40415],
  ['majority', 14],
])('a write concern %o gives %s', async (concern, expected) => {
  expect(await codeWith('writeConcern', concern)).toBe(expected);
});

test('a write concern that one node cannot hold is told beside the result', async () => {
  const reply = await db.run({ insert: 'rows', documents: [{}], writeConcern: { w: 1 } });
  expect([reply.get('n'), reply.get('writeConcernError')]).toEqual([1, undefined]);
});

test.each<[Encodable, unknown]>([
  [{ level: 'majority' }, undefined],
  [{ level: 'linearizable' }, undefined],
  [{ level: 'none' }, 2],
  [{ level: 'local', wings: 1 }, 238],
  [{ level: 'majority', atClusterTime: 1 }, 72],
])('a read concern %o gives %s', async (readConcern, code) => {
  expect((await db.run({ find: 'rows', readConcern })).get('code')).toBe(code);
});

test('inside a transaction only the end may name a write concern', async () => {
  const part = { lsid: lsidOf(9), txnNumber: 1n, autocommit: false };
  const first = { find: 'rows', ...part, startTransaction: true, writeConcern: { w: 1 } };
  expect((await db.run(first)).get('code')).toBe(72);
  await db.run({ find: 'rows', ...part, txnNumber: 2n, startTransaction: true });
  const end = { commitTransaction: 1, ...part, txnNumber: 2n, writeConcern: { w: 'majority' } };
  expect((await db.run(end, 'admin')).get('ok')).toBe(1);
});

test.each<[string, Plain]>([
  ['concerns', { writeConcern: { w: 1 } }],
  ['time limit', { maxTimeMS: -1 }],
])('a first statement whose %s are wrong leaves no transaction open', async (_, wrong) => {
  const part = { lsid: lsidOf(10), txnNumber: 1n, autocommit: false };
  await db.run({ find: 'rows', ...part, startTransaction: true, ...wrong });
  expect(db.engine.sessions.open()).toEqual([]);
  const later = await db.run({ find: 'rows', ...part });
  expect([later.get('code'), later.get('errorLabels')]).toEqual([251, [TRANSIENT]]);
});
