import type { EngineSettings } from '../transactions/settings.ts';
import { CommandError, code } from '../values/errors.ts';

/** A batch of documents, as BSON. */
export interface Batch {
  readonly docs: readonly Uint8Array[];
  /** True when nothing follows. */
  readonly last: boolean;
  /** The resume token of a change stream. */
  readonly token?: Uint8Array;
}

/** What a cursor still has to give. */
export interface CursorSource {
  /**
   * @param count most documents wanted, 0 for as many as fit
   * @param waitMs how long a change stream may wait for the first one
   */
  next(input: {
    readonly count: number;
    readonly waitMs: number | null;
    readonly stop: AbortSignal;
  }): Batch | Promise<Batch>;
  close(): void;
}

/** An open cursor. */
export interface Cursor {
  readonly id: bigint;
  readonly ns: string;
  readonly source: CursorSource;
  /** The session and transaction number it belongs to. */
  readonly lsid: string | null;
  readonly txnNumber: bigint | null;
  readonly noTimeout: boolean;
  /** The moment it reads, when it reads one outside of a transaction. */
  readonly snapshotTs: number | null;
  /** True for change streams: they tell clients that errors can be resumed. */
  readonly stream: boolean;
  usedAtMs: number;
  busy: boolean;
}

const MAX_CURSORS = 10_000;

/** The cursors left open by reads. */
export class Cursors {
  private readonly open = new Map<bigint, Cursor>();
  private readonly now: () => number;
  private readonly settings: Pick<EngineSettings, 'cursorTimeoutMs'>;
  private nextId: bigint;

  constructor(input: {
    readonly now: () => number;
    readonly settings: Pick<EngineSettings, 'cursorTimeoutMs'>;
    readonly firstId: number;
  }) {
    this.now = input.now;
    this.settings = input.settings;
    this.nextId = BigInt(input.firstId) * 4096n + 1n;
  }

  add(input: Omit<Cursor, 'id' | 'usedAtMs' | 'busy'>): Cursor {
    if (this.open.size >= MAX_CURSORS)
      throw new CommandError(code.ExceededTimeLimit, `more than ${MAX_CURSORS} cursors are open`);
    const cursor: Cursor = { ...input, id: this.nextId++, usedAtMs: this.now(), busy: false };
    this.open.set(cursor.id, cursor);
    return cursor;
  }

  /** @throws CommandError 43 */
  get(id: bigint): Cursor {
    const cursor = this.open.get(id);
    if (!cursor) throw new CommandError(code.CursorNotFound, `cursor id ${id} not found`);
    cursor.usedAtMs = this.now();
    return cursor;
  }

  /** Closes a cursor; false when there is none. */
  close(id: bigint): boolean {
    const cursor = this.open.get(id);
    if (!cursor) return false;
    this.open.delete(id);
    cursor.source.close();
    return true;
  }

  /** Closes the cursors that a test picks out. */
  closeWhere(test: (cursor: Cursor) => boolean): void {
    for (const cursor of this.open.values()) if (test(cursor)) this.close(cursor.id);
  }

  get size(): number {
    return this.open.size;
  }

  /** Closes cursors nobody asked for ten minutes. */
  sweep(): void {
    const oldest = this.now() - this.settings.cursorTimeoutMs;
    this.closeWhere((cursor) => !cursor.busy && !cursor.noTimeout && cursor.usedAtMs < oldest);
  }
}
