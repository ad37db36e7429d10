import type { Range } from '../storage/store.ts';
import { SortedKeys } from './sorted-keys.ts';

/** How one kind of cell is kept on disk. */
export interface CellStore<K, V> {
  readonly read: (key: K) => V | null;
  readonly range: (range: Range<K>, limit: number) => (readonly [K, V])[];
  readonly write: (key: K, value: V | null) => void;
  /** The key that comes right after `key`. */
  readonly next: (key: K) => K;
}

/** The value of a cell before and after; null is none. */
export interface CellWrite<V> {
  readonly before: V | null;
  readonly after: V | null;
}

interface Before<V> {
  /** The commit that ended this value's time. */
  readonly until: number;
  readonly value: V | null;
}

/** Who holds a write lock; `done` resolves when the locks are gone. */
export interface LockOwner {
  readonly done: Promise<void>;
}

/**
 * The documents of one collection or the entries of one index, under many versions: the newest
 * committed value is on disk, values still needed by open snapshots are in the undo map.
 */
export class Cells<K extends number | string, V> {
  readonly store: CellStore<K, V>;
  /** Cells written by transactions that are still open. */
  readonly locks = new Map<K, LockOwner>();
  /** True where two transactions may not write the same cell (documents, unique entries). */
  readonly exclusive: boolean;
  private readonly undo = new Map<K, Before<V>[]>();
  readonly undoKeys = new SortedKeys<K>();
  /** Writes so far: a walk that pauses sees by it whether what it read may be stale. */
  writes = 0;

  constructor(store: CellStore<K, V>, exclusive: boolean) {
    this.store = store;
    this.exclusive = exclusive;
  }

  /** Writes a committed value. */
  write(key: K, value: V | null): void {
    this.writes += 1;
    this.store.write(key, value);
  }

  /** The value at a snapshot, or undefined when it is the one on disk. */
  before(key: K, snapshot: number): V | null | undefined {
    const list = this.undo.get(key);
    if (!list) return undefined;
    for (const entry of list) if (entry.until > snapshot) return entry.value;
    return undefined;
  }

  /** True when a commit after the snapshot changed this cell. */
  changedSince(key: K, snapshot: number): boolean {
    const last = this.undo.get(key)?.at(-1);
    return last !== undefined && last.until > snapshot;
  }

  /** Keeps the value a commit overwrites. */
  remember(key: K, until: number, value: V | null): boolean {
    const list = this.undo.get(key);
    if (!list) {
      this.undo.set(key, [{ until, value }]);
      this.undoKeys.add(key);
      return true;
    }
    if (list.at(-1)?.until === until) return false; // the same commit wrote it before
    list.push({ until, value });
    return true;
  }

  /** Forgets the oldest remembered value of a cell. */
  forget(key: K): void {
    const list = this.undo.get(key);
    if (!list) return;
    list.shift();
    if (list.length > 0) return;
    this.undo.delete(key);
    this.undoKeys.delete(key);
  }
}

/** Cells whose types do not matter to the holder. */
// The two parameters only ever meet again inside the same Cells object.
export type AnyCells = Cells<number, Buffer> | Cells<string, number>;
