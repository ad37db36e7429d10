/** A row of the model: the value written last and a text that is unique over all rows, if there is one. */
export interface ModelRow {
  readonly v: number;
  readonly u: string | null;
}

/** All rows at one moment, by id. */
export type Moment = ReadonlyMap<number, ModelRow>;

/** What the engine may answer: nothing wrong, or one of some codes. */
export type Expected = readonly number[];

const OK: Expected = [];
const CONFLICT = 112;
const DUPLICATE = 11000;

interface Open {
  readonly start: number;
  readonly own: Map<number, ModelRow | null>;
  /** Cells it has locked: `row 3`, `id 3`, `u x`. */
  readonly locks: Set<string>;
}

/**
 * Snapshot isolation with the first writer winning, as plainly as it can be said: every commit keeps a
 * copy of all rows, a transaction reads the copy it began with under its own writes, and may not
 * write a cell that another open transaction has written or a later commit has changed.
 */
export class IsolationModel {
  private readonly moments: Moment[] = [new Map()];
  /** The commit that last changed a cell. */
  private readonly changedAt = new Map<string, number>();
  private readonly open = new Map<number, Open>();

  /** The number of the newest commit. */
  get now(): number {
    return this.moments.length - 1;
  }

  begin(id: number): void {
    this.open.set(id, { start: this.now, own: new Map(), locks: new Set() });
  }

  isOpen(id: number): boolean {
    return this.open.has(id);
  }

  /** What a reader sees; a null reader sees what is newest. */
  rows(id: number | null, moment = this.now): Moment {
    const transaction = id === null ? undefined : this.open.get(id);
    const rows = new Map(this.moments[transaction?.start ?? moment]);
    for (const [key, row] of transaction?.own ?? [])
      if (row) rows.set(key, row);
      else rows.delete(key);
    return rows;
  }

  /** Writes a row (null deletes it), or says how that must fail; a failure ends a transaction. */
  write(id: number | null, key: number, row: ModelRow | null): Expected {
    const before = this.rows(id).get(key);
    if (row === null && !before) return OK; // there is nothing it could delete
    const cells = cellsOf(key, before, row);
    const holder = [...this.open].find(
      ([other, { locks }]) => other !== id && cells.some((cell) => locks.has(cell)),
    );
    const transaction = id === null ? undefined : this.open.get(id);
    const late =
      transaction !== undefined &&
      cells.some((cell) => (this.changedAt.get(cell) ?? 0) > transaction.start);
    const twice =
      row?.u !== null &&
      row !== null &&
      [...this.rows(id)].some(([other, { u }]) => other !== key && u === row.u);
    const wrong = [...(holder || late ? [CONFLICT] : []), ...(twice ? [DUPLICATE] : [])];
    if (wrong.length > 0) {
      if (id !== null) this.abort(id);
      return wrong;
    }
    if (transaction) {
      transaction.own.set(key, row);
      for (const cell of cells) transaction.locks.add(cell);
    } else this.publish([[key, row]], cells);
    return OK;
  }

  /** True when a write outside of transactions would have to wait. */
  blocked(key: number, row: ModelRow | null): boolean {
    const cells = cellsOf(key, this.rows(null).get(key), row);
    return [...this.open.values()].some(({ locks }) => cells.some((cell) => locks.has(cell)));
  }

  commit(id: number): void {
    const transaction = this.open.get(id);
    this.open.delete(id);
    if (transaction && transaction.own.size > 0) this.publish(transaction.own, transaction.locks);
  }

  abort(id: number): void {
    this.open.delete(id);
  }

  private publish(
    writes: Iterable<readonly [number, ModelRow | null]>,
    cells: Iterable<string>,
  ): void {
    const rows = new Map(this.moments.at(-1));
    for (const [key, row] of writes)
      if (row) rows.set(key, row);
      else rows.delete(key);
    this.moments.push(rows);
    for (const cell of cells) this.changedAt.set(cell, this.now);
  }
}

// A row's document; its id when it comes or goes; its unique text when that changes.
function cellsOf(key: number, before: ModelRow | undefined, row: ModelRow | null): string[] {
  const cells = before ? [`row ${key}`] : [];
  if (!before || row === null) cells.push(`id ${key}`);
  if (!before && row) cells.push(`row ${key}`);
  const [old, now] = [before?.u ?? null, row?.u ?? null];
  if (old !== now) for (const u of [old, now]) if (u !== null) cells.push(`u ${u}`);
  return cells;
}
