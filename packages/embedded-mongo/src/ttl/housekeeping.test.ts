import { afterEach, beforeEach, expect, test } from 'vitest';
import { InProcessEngine, lsidOf } from '../testing/in-process.ts';
import type { Plain } from '../values/encode.ts';
import { UtcDate, type Doc } from '../values/types.ts';
import { sweepExpired } from './sweeper.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 6, 1);

let now: number;
let db: InProcessEngine;
beforeEach(() => {
  now = START;
  db = new InProcessEngine({ now: () => now, settings: { oplogMaxBytes: 20_000 } });
});
afterEach(() => db.close());

const ids = async (name = 'rows'): Promise<unknown[]> => {
  const reply = await db.run({ find: name, sort: { _id: 1 }, projection: { _id: 1 } });
  return ((reply.get('cursor') as Doc).get('firstBatch') as Doc[]).map((doc) => doc.get('_id'));
};
const insert = (documents: readonly Plain[]): Promise<Doc> =>
  db.run({ insert: 'rows', documents: [...documents] });
const at = (minutes: number): UtcDate => new UtcDate(START + minutes * MINUTE);

async function openCursor(more: Plain = {}): Promise<bigint> {
  const reply = await db.run({ find: 'rows', batchSize: 1, ...more });
  return (reply.get('cursor') as Doc).get('id') as bigint;
}
const getMore = async (id: bigint): Promise<unknown> =>
  (await db.run({ getMore: id, collection: 'rows', batchSize: 1 })).get('code') ?? 'went on';

test('a cursor nobody reads for ten minutes is closed, one that asked for no time limit is not', async () => {
  await insert([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  const [idle, read, patient] = [
    await openCursor(),
    await openCursor(),
    await openCursor({ noCursorTimeout: true }),
  ];
  now += 9 * MINUTE;
  expect(await getMore(read)).toBe('went on');
  now += 2 * MINUTE;
  db.engine.cursors.sweep();
  expect([await getMore(idle), await getMore(read), await getMore(patient)]).toEqual([
    43,
    'went on',
    'went on',
  ]);
});

test('a transaction past its life time is aborted, and so is one whose session lay idle', async () => {
  const part = (n: number): Plain => ({ lsid: lsidOf(n), txnNumber: 1n, autocommit: false });
  await db.run({ insert: 'rows', documents: [{ _id: 1 }], ...part(1), startTransaction: true });
  now += 61_000;
  db.engine.sessions.sweep();
  const late = await db.run({ commitTransaction: 1, ...part(1) }, 'admin');
  expect([late.get('code'), late.get('errorLabels')]).toEqual([251, ['TransientTransactionError']]);
  expect(await ids()).toEqual([]);
  await insert([{ _id: 1 }]); // its lock is gone too
  expect(db.engine.sessions.ids()).toHaveLength(1);
  now += 31 * MINUTE;
  db.engine.sessions.sweep();
  expect(db.engine.sessions.ids()).toEqual([]);
});

test('what a session wrote is answered again for half an hour and then forgotten', async () => {
  const write = { insert: 'rows', documents: [{ _id: 7 }], lsid: lsidOf(2), txnNumber: 5n };
  await db.run(write);
  now += 29 * MINUTE;
  db.engine.sessions.sweep();
  expect((await db.run(write)).get('retriedStmtIds')).toEqual([0]);
  now += 62 * MINUTE;
  db.engine.sessions.sweep();
  const again = await db.run(write);
  expect((again.get('writeErrors') as Doc[]).map((error) => error.get('code'))).toEqual([11000]);
});

test('history beyond its size is trimmed, and a stream that needs it is told so', async () => {
  const stream = await db.run({ aggregate: 'rows', pipeline: [{ $changeStream: {} }], cursor: {} });
  const token = (stream.get('cursor') as Doc).get('postBatchResumeToken') as Doc;
  for (let n = 0; n < 30; n++)
    await insert(
      Array.from({ length: 40 }, (_, i) => ({ _id: n * 100 + i, text: 'x'.repeat(50) })),
    );
  const before = db.store.oplogBounds();
  while (db.engine.oplog.trim(limits()));
  const after = db.store.oplogBounds();
  expect(after.bytes).toBeLessThanOrEqual(20_000);
  expect(after.bytes).toBeGreaterThan(10_000);
  expect(after.last).toBe(before.last);
  const resumed = await db.run({
    aggregate: 'rows',
    pipeline: [{ $changeStream: { resumeAfter: token } }],
    cursor: {},
  });
  expect([resumed.get('code'), resumed.get('errorLabels')]).toEqual([
    286,
    ['NonResumableChangeStreamError'],
  ]);
});

test('history is trimmed by age, and its newest row stays', async () => {
  await insert([{ _id: 1 }]);
  await insert([{ _id: 2 }]);
  now += 8 * 24 * 60 * MINUTE;
  await insert([{ _id: 3 }]);
  db.engine.oplog.trim({ ...limits(), maxBytes: Infinity });
  const { first, last } = db.store.oplogBounds();
  expect(first).toBeLessThanOrEqual(last);
  expect(db.store.oplogAfter(0, 10)).not.toHaveLength(0);
});

const limits = (): { maxBytes: number; maxAgeMs: number } => ({
  maxBytes: db.engine.settings.oplogMaxBytes,
  maxAgeMs: db.engine.settings.oplogMaxAgeMs,
});

test('documents expire by the earliest date of their field; other types and missing ones stay', async () => {
  await db.run({
    createIndexes: 'rows',
    indexes: [{ key: { at: 1 }, name: 'at', expireAfterSeconds: 60 }],
  });
  await insert([
    { _id: 1, at: at(-2) },
    { _id: 2, at: at(0) },
    { _id: 3, at: [at(5), at(-2)] },
    { _id: 4, at: 1 },
    { _id: 5, at: 'old' },
    { _id: 6 },
    { _id: 7, at: null },
  ]);
  expect(await sweepExpired(db.engine)).toBe(2);
  expect(await ids()).toEqual([2, 4, 5, 6, 7]);
  now += MINUTE;
  await sweepExpired(db.engine);
  expect(await ids()).toEqual([4, 5, 6, 7]);
});

test('a partial TTL index expires only what it holds, a descending one works alike', async () => {
  await db.run({
    createIndexes: 'rows',
    indexes: [
      {
        key: { at: -1 },
        name: 'at',
        expireAfterSeconds: 0,
        partialFilterExpression: { done: true },
      },
    ],
  });
  await insert([
    { _id: 1, at: at(-2), done: true },
    { _id: 2, at: at(-2), done: false },
    { _id: 3, at: at(2), done: true },
  ]);
  expect(await sweepExpired(db.engine)).toBe(1);
  expect(await ids()).toEqual([2, 3]);
});

test('an expired document that a transaction holds waits for the next sweep; an expiry is an event', async () => {
  await db.run({
    createIndexes: 'rows',
    indexes: [{ key: { at: 1 }, name: 'at', expireAfterSeconds: 0 }],
  });
  await insert([{ _id: 1, at: at(-1) }]);
  const part: Plain = { lsid: lsidOf(3), txnNumber: 1n, autocommit: false };
  await db.run({
    update: 'rows',
    updates: [{ q: { _id: 1 }, u: { $set: { x: 1 } } }],
    ...part,
    startTransaction: true,
  });
  expect(await sweepExpired(db.engine)).toBe(0);
  await db.run({ abortTransaction: 1, ...part }, 'admin');
  const stream = await db.run({ aggregate: 'rows', pipeline: [{ $changeStream: {} }], cursor: {} });
  expect(await sweepExpired(db.engine)).toBe(1);
  const more = await db.run({
    getMore: (stream.get('cursor') as Doc).get('id') as bigint,
    collection: 'rows',
    maxTimeMS: 10,
  });
  const [event] = (more.get('cursor') as Doc).get('nextBatch') as Doc[];
  expect(event?.get('operationType')).toBe('delete');
});

test('times never repeat and never go back, whatever the wall clock does', async () => {
  const seen: number[] = [];
  for (const jump of [0, 1000, -3_600_000, 0, -1, 86_400_000, -86_400_000, 0]) {
    now += jump;
    await insert([{ at: seen.length }]);
    seen.push(db.engine.clock.current());
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBe(seen.length);
});
