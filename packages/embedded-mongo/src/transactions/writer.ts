import type { Collection } from '../catalog/collection.ts';
import type { Change } from '../changes/entry.ts';
import { CommandError, code, TRANSIENT, writeConflict } from '../values/errors.ts';
import type { Cells, CellWrite, LockOwner } from './cells.ts';
import type { ClusterClock } from './cluster-clock.ts';
import type { Snapshots } from './snapshots.ts';
import { LATEST, SnapshotView, type View } from './view.ts';

/** A statement outside of a transaction met a lock: it waits for the owner and runs again. */
export class Blocked extends Error {
  readonly owner: LockOwner;
  constructor(owner: LockOwner) {
    super('blocked by an open transaction');
    this.owner = owner;
  }
}

/** Where document changes go: at once to disk, or into an open transaction. */
export interface Writer {
  readonly view: View;
  /** @throws Blocked, or CommandError 112 inside a transaction, when another one has this cell */
  claim<K extends number | string, V>(cells: Cells<K, V>, key: K): void;
  /** Another one is first. @throws Blocked, or CommandError 112 inside a transaction */
  yieldTo(owner: LockOwner): never;
  /** @param before the value as this writer sees it: older snapshots go on reading it */
  put<K extends number | string, V>(cells: Cells<K, V>, key: K, write: CellWrite<V>): void;
  /** Notes a change for the oplog. */
  log(change: Change): void;
  /** Counts documents in or out of a collection. */
  counted(collection: Collection, by: number): void;
}

/** What a finished batch of changes is handed to, in the same atomic turn. */
export interface CommitSink {
  readonly clock: ClusterClock;
  readonly snapshots: Snapshots;
  appendOplog(
    ts: number,
    changes: readonly Change[],
    transaction: { readonly lsid: string; readonly txnNumber: bigint } | null,
  ): void;
}

/** Writes outside of transactions: each document change is on its own and visible at once. */
export class UnitWriter implements Writer {
  readonly view = LATEST;
  private readonly sink: CommitSink;
  private readonly changes: Change[] = [];
  private ts = 0;

  constructor(sink: CommitSink) {
    this.sink = sink;
  }

  claim<K extends number | string, V>(cells: Cells<K, V>, key: K): void {
    const owner = cells.locks.get(key);
    if (owner) this.yieldTo(owner);
  }

  yieldTo(owner: LockOwner): never {
    throw new Blocked(owner);
  }

  put<K extends number | string, V>(cells: Cells<K, V>, key: K, write: CellWrite<V>): void {
    if (this.ts === 0) this.ts = this.sink.clock.next();
    this.sink.snapshots.remember(cells, key, this.ts, write.before);
    cells.write(key, write.after);
  }

  log(change: Change): void {
    this.changes.push(change);
  }

  counted(collection: Collection, by: number): void {
    if (collection.count !== null) collection.count += by;
  }

  /** Ends the unit: what was written gets its oplog row in the same atomic batch. */
  finish(): void {
    if (this.changes.length === 0) return;
    if (this.ts === 0) this.ts = this.sink.clock.next();
    this.sink.appendOplog(this.ts, this.changes, null);
  }
}

/** An open multi-document transaction: a snapshot, its own writes over it, and its locks. */
export class Transaction implements Writer, LockOwner {
  readonly view: SnapshotView;
  readonly done: Promise<void>;
  readonly lsid: string;
  readonly txnNumber: bigint;
  /** When it may be ended for its age, in milliseconds of the engine's clock. */
  readonly expiresAt: number;
  /** Collections it has touched: changes to their definition wait for it. */
  readonly touched = new Set<Collection>();
  /** Collections it has created, by namespace. */
  readonly created = new Map<string, Collection>();
  /** Run in the turn of the commit, before the oplog row is written. */
  readonly onCommit: (() => void)[] = [];
  /** Run when the transaction ends either way. */
  readonly onClose: (() => void)[] = [];
  private ended: 'committed' | 'aborted' | null = null;
  private readonly dirty = new Set<object>();
  private readonly applied: (() => void)[] = [];
  private readonly unlock: (() => void)[] = [];
  private readonly counts = new Map<Collection, number>();
  readonly changes: Change[] = [];
  private readonly sink: CommitSink;
  private end: () => void = () => {};

  constructor(
    sink: CommitSink,
    input: { readonly lsid: string; readonly txnNumber: bigint; readonly expiresAt: number },
  ) {
    this.sink = sink;
    this.lsid = input.lsid;
    this.txnNumber = input.txnNumber;
    this.expiresAt = input.expiresAt;
    this.view = new SnapshotView(sink.clock.current());
    this.done = new Promise((resolve) => (this.end = resolve));
    sink.snapshots.acquire(this.view.ts);
  }

  /**
   * A statement that rested may wake after its transaction has ended, by another connection or for its age. What
   * it took then nobody would give back.
   * @throws CommandError 251 when it was aborted, 256 when it was committed
   */
  checkOpen(): void {
    const { ended, txnNumber } = this;
    if (ended === null) return;
    const message = `Transaction with { txnNumber: ${txnNumber} } has been ${ended}.`;
    throw ended === 'committed'
      ? new CommandError(code.TransactionCommitted, message)
      : new CommandError(code.NoSuchTransaction, message, { labels: [TRANSIENT] });
  }

  claim<K extends number | string, V>(cells: Cells<K, V>, key: K): void {
    this.checkOpen();
    const owner = cells.locks.get(key);
    if (owner ? owner !== this : cells.changedSince(key, this.view.ts)) this.yieldTo();
  }

  yieldTo(): never {
    throw writeConflict();
  }

  put<K extends number | string, V>(cells: Cells<K, V>, key: K, write: CellWrite<V>): void {
    this.checkOpen();
    if (cells.exclusive && cells.locks.get(key) !== this) {
      cells.locks.set(key, this);
      this.unlock.push(() => cells.locks.delete(key));
    }
    this.view.put(cells, key, write);
    if (this.dirty.has(cells)) return;
    this.dirty.add(cells);
    this.applied.push(() => this.apply(cells));
  }

  log(change: Change): void {
    this.changes.push(change);
  }

  counted(collection: Collection, by: number): void {
    this.counts.set(collection, (this.counts.get(collection) ?? 0) + by);
  }

  private commitTs = 0;

  private apply<K extends number | string, V>(cells: Cells<K, V>): void {
    const overlay = this.view.overlay(cells);
    if (!overlay) return;
    // What was there when it was first written is still there: its lock kept everybody else away.
    for (const [key, { before, after }] of overlay.writes) {
      this.sink.snapshots.remember(cells, key, this.commitTs, before);
      cells.write(key, after);
    }
  }

  /** Makes every write visible and durable as one; locks are released. */
  commit(): void {
    this.sink.snapshots.release(this.view.ts);
    if (this.applied.length > 0 || this.changes.length > 0) {
      this.commitTs = this.sink.clock.next();
      for (const run of this.onCommit) run();
      for (const apply of this.applied) apply();
      for (const [collection, by] of this.counts)
        if (collection.count !== null) collection.count += by;
      this.sink.appendOplog(this.commitTs, this.changes, {
        lsid: this.lsid,
        txnNumber: this.txnNumber,
      });
    }
    this.close('committed');
  }

  /** Forgets every write. */
  abort(): void {
    if (this.ended) return;
    this.sink.snapshots.release(this.view.ts);
    this.close('aborted');
  }

  private close(how: 'committed' | 'aborted'): void {
    this.ended = how;
    for (const unlock of this.unlock) unlock();
    for (const run of this.onClose) run();
    this.end();
  }
}
