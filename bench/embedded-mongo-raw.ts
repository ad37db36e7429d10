import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dispatch } from '../packages/embedded-mongo/src/commands/dispatch.ts';
import { InProcessEngine } from '../packages/embedded-mongo/src/testing/in-process.ts';
import { Binary, type Doc, type Value } from '../packages/embedded-mongo/src/values/types.ts';

const MEASURE_MS = 3000;
const doc = (fields: Record<string, Value>): Doc => new Map(Object.entries(fields));
const FILLER = new Binary(Buffer.alloc(900, 7));

/** How often a second so many workers get something done. */
export async function perSecond(
  workers: number,
  ms: number,
  run: (worker: number) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  const from = performance.now();
  const until = from + ms;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (performance.now() < until) {
        await run(worker);
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - from) / 1000);
}

/** Transactions of two updates and two inserts a second, in the engine without sockets. */
export async function transactionsInProcess(workers: number): Promise<number> {
  const db = new InProcessEngine();
  try {
    await db.run({
      createIndexes: 'journal',
      indexes: [{ key: { key: 1 }, name: 'key', unique: true }],
    });
    await db.run({
      insert: 'small',
      documents: Array.from({ length: workers * 2 }, (_, _id) => ({ _id, n: 0, FILLER })),
    });
    const numbers = Array<bigint>(workers).fill(0n);
    const sessions = Array.from({ length: workers }, (_, n) =>
      doc({ id: new Binary(Buffer.alloc(16, n), 4) }),
    );
    let serial = 0;
    // Called as a function, with documents and no bytes: what a socket costs is measured through the driver.
    const run = async (command: Doc): Promise<void> => {
      const reply = await dispatch(db.engine, db.peer, command);
      if (reply['writeErrors']) throw new Error('a statement failed');
    };
    return await perSecond(workers, MEASURE_MS, async (worker) => {
      const txnNumber = (numbers[worker] = (numbers[worker] as bigint) + 1n);
      const part = (db: string): Record<string, Value> => ({
        $db: db,
        lsid: sessions[worker] as Doc,
        txnNumber,
        autocommit: false,
      });
      const inc = (_id: number, n: number, more: Record<string, Value> = {}): Doc =>
        doc({
          update: 'small',
          updates: [doc({ q: doc({ _id }), u: doc({ $inc: doc({ n }) }) })],
          ...part('d'),
          ...more,
        });
      const insert = (): Doc =>
        doc({
          insert: 'journal',
          documents: [doc({ _id: `j${++serial}`, key: `k${serial}`, FILLER })],
          ...part('d'),
        });
      await run(inc(worker, -1, { startTransaction: true }));
      await run(inc(worker + workers, 1));
      await run(insert());
      await run(insert());
      await run(doc({ commitTransaction: 1, ...part('admin') }));
      await db.store.settled();
    });
  } finally {
    db.close();
  }
}

/**
 * The rows that such a transaction leaves, written by bare node:sqlite with the same settings: four
 * documents, four index entries, one row of history, one of the session; so many transactions a commit.
 */
export function rawTransactions(inOneCommit: number): number {
  const folder = mkdtempSync(path.join(tmpdir(), '7pay-bench-sqlite-'));
  const file = new DatabaseSync(path.join(folder, 'raw.sqlite'));
  try {
    file.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536;
      CREATE TABLE rec (id INTEGER PRIMARY KEY, v BLOB NOT NULL);
      CREATE TABLE ent (k BLOB PRIMARY KEY, r INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE meta (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID;
      CREATE TABLE oplog (ts INTEGER PRIMARY KEY, v BLOB NOT NULL);`);
    const record = file.prepare('INSERT OR REPLACE INTO rec VALUES (?, ?)');
    const entry = file.prepare('INSERT OR REPLACE INTO ent VALUES (?, ?)');
    const session = file.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    const history = file.prepare('INSERT INTO oplog VALUES (?, ?)');
    const [document, row, state] = [
      Buffer.alloc(1000, 1),
      Buffer.alloc(2300, 2),
      Buffer.alloc(90, 3),
    ];
    let n = 0;
    const from = performance.now();
    while (performance.now() - from < MEASURE_MS) {
      file.exec('BEGIN IMMEDIATE');
      for (let i = 0; i < inOneCommit; i++) {
        n += 1;
        record.run(i, document);
        record.run(i + inOneCommit, document);
        for (const side of [0, 1]) {
          record.run(1000 + n * 2 + side, document);
          entry.run(Buffer.from(`id  j${n * 2 + side}`), n);
          entry.run(Buffer.from(`key k${n * 2 + side}`), n);
        }
        history.run(n, row);
        session.run(Buffer.from(`s${i}`), state);
      }
      file.exec('COMMIT');
    }
    return n / ((performance.now() - from) / 1000);
  } finally {
    file.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
