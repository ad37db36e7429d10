import { afterEach, beforeEach, expect, test } from 'vitest';
import { InProcessEngine, lsidOf } from '../testing/in-process.ts';
import type { Plain } from '../values/encode.ts';
import type { Doc } from '../values/types.ts';

const TRANSIENT = ['TransientTransactionError'];
const docs = Array.from({ length: 300 }, (_, _id) => ({ _id }));

let db: InProcessEngine;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.now();
  // Every look at the clock finds a slice used up: a statement of many steps rests between them.
  db = new InProcessEngine({ now: () => (nowMs += 10) });
  await db.run({ insert: 'log', documents: docs });
});
afterEach(() => db.close());

const within = (n: number, command: Plain, startTransaction?: true): Promise<Doc> =>
  db.run({
    ...command,
    lsid: lsidOf(n),
    txnNumber: 1n,
    autocommit: false,
    ...(startTransaction ? { startTransaction } : {}),
  });
const end = (n: number, name: 'abortTransaction' | 'commitTransaction'): Promise<Doc> =>
  db.run(
    { [name]: 1, lsid: lsidOf(n), txnNumber: 1n, autocommit: false, writeConcern: { w: 1 } },
    'admin',
  );
const told = (reply: Doc): unknown[] => [reply.get('code'), reply.get('errorLabels')];
const addOne = { update: 'log', updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] };

test('a statement that wakes after its transaction was aborted takes no lock and says 251', async () => {
  const changing = within(1, addOne, true);
  expect((await end(1, 'abortTransaction')).get('ok')).toBe(1);
  expect(told(await changing)).toEqual([251, TRANSIENT]);
  const updates = [{ q: { _id: 299 }, u: { $inc: { n: 1 } } }];
  const after = await db.run({ update: 'log', updates, maxTimeMS: 600_000 });
  expect(after.get('nModified')).toBe(1);
});

test('an insert that wakes after the abort leaves nothing, no collection either', async () => {
  const inserting = within(1, { insert: 'fresh', documents: docs }, true);
  await end(1, 'abortTransaction');
  expect(told(await inserting)).toEqual([251, TRANSIENT]);
  expect((await db.run({ insert: 'fresh', documents: docs, maxTimeMS: 600_000 })).get('n')).toBe(
    docs.length,
  );
});

test('a create that waited while its transaction was aborted leaves the name free', async () => {
  await within(1, { create: 'fresh' }, true);
  const waiting = within(2, { create: 'fresh' }, true);
  await end(2, 'abortTransaction');
  await end(1, 'abortTransaction');
  expect(told(await waiting)).toEqual([251, TRANSIENT]);
  expect((await db.run({ create: 'fresh', maxTimeMS: 600_000 })).get('ok')).toBe(1);
});

test('a read that wakes after its snapshot was let go says 251 instead of two moments', async () => {
  const reading = within(1, { aggregate: 'log', pipeline: [{ $count: 'n' }], cursor: {} }, true);
  await end(1, 'abortTransaction');
  expect(told(await reading)).toEqual([251, TRANSIENT]);
});

test('a statement that wakes after the commit is refused, and nobody is asked to run it all again', async () => {
  const changing = within(1, addOne, true);
  expect((await end(1, 'commitTransaction')).get('ok')).toBe(1);
  expect(told(await changing)).toEqual([256, undefined]);
});
