import type { Range } from '../storage/store.ts';
import type { Cells, CellWrite } from './cells.ts';
import { SortedKeys } from './sorted-keys.ts';

/** What one command may see. */
export interface View {
  get<K extends number | string, V>(cells: Cells<K, V>, key: K): V | null;
  scan<K extends number | string, V>(
    cells: Cells<K, V>,
    range: Range<K>,
  ): Iterable<readonly [K, V]>;
}

const FIRST_CHUNK = 16;
const LAST_CHUNK = 256;

/** The newest committed state. A scan seeks again after each chunk, so it survives writes between. */
export const LATEST: View = {
  get: (cells, key) => cells.store.read(key),
  scan: (cells, range) => scanLatest(cells, range),
};

function* scanLatest<K extends number | string, V>(
  cells: Cells<K, V>,
  range: Range<K>,
): Generator<readonly [K, V]> {
  let { from, to } = range;
  let size = FIRST_CHUNK;
  for (;;) {
    const rows = cells.store.range({ from, to, reverse: range.reverse }, size);
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < size || last === undefined) return;
    if (range.reverse) to = last[0];
    else from = cells.store.next(last[0]);
    size = Math.min(size * 4, LAST_CHUNK);
  }
}

/** Values written by an open transaction, in order. */
export class Overlay<K extends number | string, V> {
  readonly writes = new Map<K, CellWrite<V>>();
  readonly keys = new SortedKeys<K>();

  set(key: K, write: CellWrite<V>): void {
    const first = this.writes.get(key);
    if (!first) this.keys.add(key);
    this.writes.set(key, first ? { before: first.before, after: write.after } : write);
  }
}

/** The state at one commit time, under the transaction's own writes. */
export class SnapshotView implements View {
  readonly ts: number;
  private readonly overlays = new Map<object, unknown>();

  constructor(ts: number) {
    this.ts = ts;
  }

  /** The transaction's own writes to these cells, if any. */
  overlay<K extends number | string, V>(cells: Cells<K, V>): Overlay<K, V> | undefined {
    return this.overlays.get(cells) as Overlay<K, V> | undefined;
  }

  put<K extends number | string, V>(cells: Cells<K, V>, key: K, write: CellWrite<V>): void {
    let overlay = this.overlay(cells);
    if (!overlay) this.overlays.set(cells, (overlay = new Overlay<K, V>()));
    overlay.set(key, write);
  }

  get<K extends number | string, V>(cells: Cells<K, V>, key: K): V | null {
    const own = this.overlay(cells)?.writes.get(key);
    if (own) return own.after;
    const before = cells.before(key, this.ts);
    return before !== undefined ? before : cells.store.read(key);
  }

  /**
   * Merges disk, undo and own writes in key order. Undo is asked at every step and not once at the
   * start, because commits may happen while a scan is paused.
   */
  *scan<K extends number | string, V>(
    cells: Cells<K, V>,
    range: Range<K>,
  ): Generator<readonly [K, V]> {
    let { from, to } = range;
    const { reverse } = range;
    let rows: (readonly [K, V])[] = [];
    let at = 0;
    let size = FIRST_CHUNK;
    let more = true;
    for (;;) {
      if (at >= rows.length && more) {
        rows = cells.store.range({ from, to, reverse }, size);
        at = 0;
        more = rows.length === size;
        size = Math.min(size * 4, LAST_CHUNK);
      }
      const stored = rows[at];
      const extra = this.nearestExtra(cells, { from, to, reverse });
      const key = nearer(stored?.[0], extra, reverse);
      if (key === undefined) return;
      if (stored && stored[0] === key) at++;
      if (reverse) to = key;
      else from = cells.store.next(key);
      const value = this.get(cells, key);
      if (value !== null) yield [key, value];
    }
  }

  private nearestExtra<K extends number | string, V>(
    cells: Cells<K, V>,
    range: Range<K>,
  ): K | undefined {
    const own = this.overlay(cells);
    const a = own && seek(own.keys, range);
    return nearer(a, seek(cells.undoKeys, range), range.reverse);
  }
}

function seek<K extends number | string>(keys: SortedKeys<K>, range: Range<K>): K | undefined {
  const key = range.reverse ? keys.below(range.to) : keys.atOrAbove(range.from);
  return key !== undefined && key >= range.from && key < range.to ? key : undefined;
}

function nearer<K extends number | string>(
  a: K | undefined,
  b: K | undefined,
  reverse: boolean,
): K | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a < b !== reverse ? a : b;
}
