import { afterEach, beforeEach, expect, test } from 'vitest';
import { InProcessEngine, lsidOf } from '../testing/in-process.ts';
import { IsolationModel } from '../testing/isolation-model.ts';
import { IsolationRun } from '../testing/isolation-run.ts';
import { randomFrom } from '../testing/random.ts';
import type { Plain } from '../values/encode.ts';
import { SnapshotView } from './view.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
const STEPS = 600;

let db: InProcessEngine;
beforeEach(() => {
  db = new InProcessEngine();
});
afterEach(() => db.close());

async function run(from: number): Promise<IsolationRun> {
  const one = new IsolationRun(db, randomFrom(from));
  await one.start();
  for (let step = 0; step < STEPS; step++) await one.step();
  return one;
}

test.each([seed, seed + 1, seed + 2])(
  'random transactions are answered as the model of snapshot isolation says (seed %i)',
  { timeout: 60_000 },
  async (from) => {
    const { counts } = await run(from);
    for (const met of [
      counts.commits,
      counts.aborts,
      counts.conflicts,
      counts.duplicates,
      counts.pastReads,
    ])
      expect(met).toBeGreaterThan(0);
  },
);

test('the model finds an engine that reads what is newest instead of its snapshot', async () => {
  const honest = SnapshotView.prototype.get;
  SnapshotView.prototype.get = function get(cells, key) {
    const own = this.overlay(cells)?.writes.get(key);
    return own ? own.after : cells.store.read(key);
  };
  try {
    await expect(run(7)).rejects.toThrow();
  } finally {
    SnapshotView.prototype.get = honest;
  }
});

test('the model finds an engine that lets a second writer through', async () => {
  const { Transaction } = await import('./writer.ts');
  const honest = Transaction.prototype.claim;
  Transaction.prototype.claim = () => {};
  try {
    await expect(run(7)).rejects.toThrow();
  } finally {
    Transaction.prototype.claim = honest;
  }
});

test('write skew is possible, as in MongoDB: two transactions may each break what both read', async () => {
  const part = (n: number, more: Plain = {}): Plain => ({
    lsid: lsidOf(n),
    txnNumber: 1n,
    autocommit: false,
    ...more,
  });
  await db.run({
    insert: 'rows',
    documents: [
      { _id: 1, on: true },
      { _id: 2, on: true },
    ],
  });
  for (const n of [1, 2])
    await db.run({ find: 'rows', filter: { on: true }, ...part(n, { startTransaction: true }) });
  for (const n of [1, 2]) {
    await db.run({ update: 'rows', updates: [{ q: { _id: n }, u: { on: false } }], ...part(n) });
    expect((await db.run({ commitTransaction: 1, ...part(n) }, 'admin')).get('ok')).toBe(1);
  }
  expect((await db.run({ count: 'rows', query: { on: true } })).get('n')).toBe(0);
});

test('the model itself tells a conflict from a duplicate', () => {
  const model = new IsolationModel();
  expect(model.write(null, 1, { v: 1, u: 'x' })).toEqual([]);
  model.begin(1);
  model.begin(2);
  expect(model.write(1, 2, { v: 2, u: 'x' })).toEqual([11000]);
  expect(model.isOpen(1)).toBe(false);
  expect(model.write(2, 1, { v: 3, u: null })).toEqual([]);
  expect(model.blocked(1, { v: 4, u: null })).toBe(true);
  model.begin(3);
  expect(model.write(3, 1, null)).toEqual([112]);
  model.commit(2);
  expect(model.rows(null).get(1)).toEqual({ v: 3, u: null });
});
