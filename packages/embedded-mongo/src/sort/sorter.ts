import type { Value } from '../values/types.ts';
import { CommandError, code } from '../values/errors.ts';
import { compareKeys, type SortSpec } from './sort.ts';

/** Bytes of documents a sort may hold in memory; above it the command is refused (292). */
export const SORT_LIMIT_BYTES = 100 * 1024 * 1024;

// A run is sorted in one go: small enough that nobody waits for it.
const RUN = 512;
const PAUSE_EVERY = 128;

interface Row<Item> {
  readonly key: readonly Value[];
  readonly item: Item;
  readonly bytes: number;
  /** Rows with equal keys stay in the order they came. */
  readonly at: number;
}

/**
 * Collects items and gives them back in order; with a bound it keeps only the first so many.
 * It never sorts much in one go: runs are sorted as they fill and merged while they are read.
 */
export class Sorter<Item> {
  private readonly spec: SortSpec;
  private readonly keep: number;
  private readonly runs: Row<Item>[][] = [];
  private run: Row<Item>[] = [];
  /** With a bound: the rows kept, the last in order on top. */
  private readonly kept: Heap<Row<Item>>;
  private count = 0;
  private bytes = 0;

  constructor(spec: SortSpec, keep = Infinity) {
    this.spec = spec;
    this.keep = keep;
    this.kept = new Heap((a, b) => this.compare(b, a));
  }

  private compare(a: Row<Item>, b: Row<Item>): number {
    return compareKeys(this.spec, a.key, b.key) || a.at - b.at;
  }

  /** @throws CommandError 292 above the memory limit */
  add(key: readonly Value[], item: Item, bytes: number): void {
    const row = { key, item, bytes, at: this.count++ };
    if (this.keep === Infinity) this.addToRun(row);
    else if (!this.addBounded(row)) return;
    this.bytes += bytes;
    if (this.bytes > SORT_LIMIT_BYTES) {
      throw new CommandError(
        code.QueryExceededMemoryLimit,
        `Sort exceeded memory limit of ${SORT_LIMIT_BYTES} bytes, but did not opt in to external sorting.`,
      );
    }
  }

  private addToRun(row: Row<Item>): void {
    this.run.push(row);
    if (this.run.length >= RUN) this.endRun();
  }

  private endRun(): void {
    this.run.sort((a, b) => this.compare(a, b));
    this.runs.push(this.run);
    this.run = [];
  }

  private addBounded(row: Row<Item>): boolean {
    if (this.kept.size < this.keep) {
      this.kept.push(row);
      return true;
    }
    const last = this.kept.top();
    if (last === undefined || this.compare(row, last) >= 0) return false;
    this.bytes -= last.bytes;
    this.kept.replaceTop(row);
    return true;
  }

  /** The items in order; null is a place to pause. */
  *done(): Generator<Item | null> {
    if (this.keep !== Infinity) {
      for (const [i, row] of this.kept.items().entries()) {
        this.addToRun(row);
        if (i % PAUSE_EVERY === 0) yield null;
      }
    }
    if (this.run.length > 0) this.endRun();
    const heads = new Heap<{ readonly rows: readonly Row<Item>[]; at: number }>((a, b) =>
      this.compare(a.rows[a.at] as Row<Item>, b.rows[b.at] as Row<Item>),
    );
    for (const rows of this.runs) heads.push({ rows, at: 0 });
    for (let given = 1; ; given++) {
      const head = heads.top();
      if (!head) return;
      yield (head.rows[head.at++] as Row<Item>).item;
      if (head.at < head.rows.length) heads.replaceTop(head);
      else heads.pop();
      if (given % PAUSE_EVERY === 0) yield null;
    }
  }
}

/** A binary heap: the first in order is on top. */
class Heap<T> {
  private readonly rows: T[] = [];
  private readonly compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  get size(): number {
    return this.rows.length;
  }

  top(): T | undefined {
    return this.rows[0];
  }

  items(): readonly T[] {
    return this.rows;
  }

  push(row: T): void {
    let at = this.rows.length;
    this.rows.push(row);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.compare(row, this.rows[parent] as T) >= 0) break;
      this.rows[at] = this.rows[parent] as T;
      at = parent;
    }
    this.rows[at] = row;
  }

  pop(): void {
    const last = this.rows.pop();
    if (last !== undefined && this.rows.length > 0) this.replaceTop(last);
  }

  /** Puts a row in the place of the top and lets it sink; also for a top that has changed. */
  replaceTop(row: T): void {
    const { length } = this.rows;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && this.compare(this.rows[right] as T, this.rows[child] as T) < 0)
        child = right;
      if (this.compare(row, this.rows[child] as T) <= 0) break;
      this.rows[at] = this.rows[child] as T;
      at = child;
    }
    this.rows[at] = row;
  }
}
