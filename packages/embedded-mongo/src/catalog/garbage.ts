import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { Binary } from '../values/types.ts';
import type { Store } from '../storage/store.ts';

const PREFIX = 'g';
/** Rows deleted in one turn of the event loop. */
const SLICE = 1000;

/** A stretch of rows that belongs to nothing any more, or not yet. */
export type Stretch =
  | { readonly of: 'documents'; readonly from: number; readonly to: number }
  | { readonly of: 'entries'; readonly from: string; readonly to: string };

const keyOf = (stretch: Stretch): string =>
  `${PREFIX}${stretch.of === 'documents' ? `d${stretch.from}` : `e${stretch.from}`}`;

/**
 * Rows of dropped collections and indexes, deleted slice by slice so that nobody waits for it. What
 * is still to delete stands in the file: a crash only puts it off. The entries of an index that is
 * being built stand here too until it is done, so that a crash leaves nothing of it.
 */
export class Garbage {
  private readonly store: Store;
  private readonly waiting = new Map<string, Stretch>();
  private sweeping: Promise<void> | null = null;

  constructor(store: Store) {
    this.store = store;
    for (const [key, bytes] of store.metas(PREFIX)) {
      const row = decode(bytes);
      const [from, to] = [row.get('from'), row.get('to')];
      this.waiting.set(
        key,
        from instanceof Binary
          ? { of: 'entries', from: latin(from), to: latin(to as Binary) }
          : { of: 'documents', from: Number(from), to: Number(to) },
      );
    }
  }

  /** Stretches that wait for their deletion. */
  get size(): number {
    return this.waiting.size;
  }

  /** Rows to be deleted if the process ends before `keep` or `drop`. */
  mark(stretch: Stretch): void {
    const { from, to } = stretch;
    const bytes = (text: string): Binary => new Binary(Buffer.from(text, 'latin1'));
    this.store.putMeta(
      keyOf(stretch),
      typeof from === 'string'
        ? encode({ from: bytes(from), to: bytes(to as string) })
        : encode({ from: BigInt(from), to: BigInt(to) }),
    );
  }

  /** The rows are in use: they stay. */
  keep(stretch: Stretch): void {
    this.store.putMeta(keyOf(stretch), null);
  }

  /** Deletes rows: a few at once, many in the turns that follow. */
  drop(stretch: Stretch): void {
    if (this.deleteSlice(stretch)) {
      this.keep(stretch);
      return;
    }
    this.mark(stretch);
    this.waiting.set(keyOf(stretch), stretch);
    void this.sweep();
  }

  /** Deletes what waits. A failed write ends the process, so there is no error to hand on. */
  sweep(): Promise<void> {
    this.sweeping ??= this.sweepAll().finally(() => (this.sweeping = null));
    return this.sweeping;
  }

  private async sweepAll(): Promise<void> {
    for (const [key, stretch] of this.waiting) {
      while (!this.deleteSlice(stretch)) await new Promise((resolve) => setImmediate(resolve));
      this.keep(stretch);
      this.waiting.delete(key);
    }
  }

  private deleteSlice(stretch: Stretch): boolean {
    const deleted =
      stretch.of === 'documents'
        ? this.store.dropDocs(stretch, SLICE)
        : this.store.dropEntries(stretch, SLICE);
    return deleted < SLICE;
  }
}

const latin = (b: Binary): string => Buffer.from(b.bytes).toString('latin1');
