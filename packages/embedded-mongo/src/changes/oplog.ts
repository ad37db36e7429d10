import type { Store } from '../storage/store.ts';
import type { Change, CommitRow } from './entry.ts';
import { decodeRow, encodeRow } from './entry.ts';

/** Rows kept in memory, so that streams that keep up read no disk. */
const RECENT = 512;
const BATCH = 64;
const TRIM_SLICE = 100;
const TRIMMED = 't';

/** How much history the oplog keeps. */
export interface OplogLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** The durable history of all changes, in commit order. */
export class Oplog {
  private readonly store: Store;
  private readonly now: () => number;
  private readonly recent: CommitRow[] = [];
  private waiters = new Set<() => void>();
  private trimmed: number;

  constructor(store: Store, now: () => number) {
    this.store = store;
    this.now = now;
    const mark = store.meta(TRIMMED);
    this.trimmed = mark ? Number(mark.toString('latin1')) : 0;
  }

  append(ts: number, changes: readonly Change[], transaction: CommitRow['transaction']): void {
    const row: CommitRow = { ts, wallMs: this.now(), changes, transaction };
    this.store.appendOplog(ts, encodeRow(row));
    this.recent.push(row);
    if (this.recent.length > RECENT * 2) this.recent.splice(0, RECENT);
    if (this.waiters.size > 0) void this.wake();
  }

  // A stream is told of a change only when it is on disk.
  private async wake(): Promise<void> {
    await this.store.settled();
    const waiting = this.waiters;
    this.waiters = new Set();
    for (const resolve of waiting) resolve();
  }

  /** The next rows after a commit time, oldest first. */
  after(ts: number): CommitRow[] {
    const first = this.recent[0];
    if (first && ts >= first.ts) {
      let at = this.recent.length;
      while (at > 0 && (this.recent[at - 1] as CommitRow).ts > ts) at--;
      return this.recent.slice(at, at + BATCH);
    }
    return this.store.oplogAfter(ts, BATCH).map(([rowTs, bytes]) => decodeRow(rowTs, bytes));
  }

  lastTs(): number {
    return this.store.oplogBounds().last;
  }

  /** Everything up to this commit time was deleted; 0 when nothing was. */
  trimmedTo(): number {
    return this.trimmed;
  }

  /** Resolves at the next change, at the deadline or when `stop` does. */
  waitForChange(waitMs: number, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        stop.removeEventListener('abort', finish);
        this.waiters.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      stop.addEventListener('abort', finish, { once: true });
      this.waiters.add(finish);
      if (stop.aborted) finish();
    });
  }

  /**
   * Deletes history beyond the limits, a slice at a time; the newest row always stays.
   * @returns true when there may be more to delete
   */
  trim(limits: OplogLimits): boolean {
    const { last, bytes } = this.store.oplogBounds();
    const oldest = this.now() - limits.maxAgeMs;
    let left = bytes;
    let trimmed = 0;
    const slice = this.store.oplogAfter(0, TRIM_SLICE);
    for (const [ts, row] of slice) {
      if (ts >= last || (left <= limits.maxBytes && decodeRow(ts, row).wallMs >= oldest)) break;
      left -= row.length;
      trimmed = ts;
    }
    if (trimmed === 0) return false;
    this.store.trimOplog(trimmed);
    this.trimmed = trimmed;
    this.store.putMeta(TRIMMED, Buffer.from(String(trimmed), 'latin1'));
    return trimmed === slice.at(-1)?.[0];
  }
}
