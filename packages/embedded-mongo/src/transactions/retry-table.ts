import type { Store } from '../storage/store.ts';
import { decode } from '../values/decode.ts';
import { encode } from '../values/encode.ts';
import { UtcDate, type Doc, type Value } from '../values/types.ts';

/** What is remembered of a session's newest transaction number. */
export interface RetryState {
  txnNumber: bigint;
  /** True when that number was a transaction and it committed. */
  committed: boolean;
  /** Results of retryable statements by statement number. */
  readonly results: Map<number, Doc>;
  usedAtMs: number;
  /** True once the first row stands on disk under this number. */
  kept?: boolean;
}

const PREFIX = 's';
/** Statement results per row: a long bulk does not rewrite one ever larger row. */
const CHUNK = 64;

const rowKey = (lsid: string, chunk: number): string =>
  `${PREFIX}${lsid}${String.fromCharCode(chunk >> 8, chunk & 255)}`;

/**
 * Results of retryable writes and markers of committed transactions. They are written in the same
 * atomic batch as the data, so that a retry after a crash is answered and not applied again.
 */
export class RetryTable {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Reads a session's state from disk; null when the session has none. */
  load(lsid: string): RetryState | null {
    const rows = this.store.metas(PREFIX + lsid).map(([, bytes]) => decode(bytes));
    const head = rows.find((row) => row.get('head') === true);
    if (!head) return null;
    const txnNumber = head.get('txn') as bigint;
    const results = new Map<number, Doc>();
    for (const row of rows) {
      if (row.get('txn') !== txnNumber) continue; // a leftover of an earlier number
      for (const result of row.get('results') as Doc[])
        results.set(result.get('s') as number, result.get('r') as Doc);
    }
    return {
      txnNumber,
      committed: head.get('committed') === true,
      results,
      usedAtMs: (head.get('at') as UtcDate).ms,
    };
  }

  /**
   * Writes the rows that hold the given statements. The first row, which has the number and how it
   * ended, is written with the first of them and when there are none.
   */
  save(lsid: string, state: RetryState, statements: readonly number[]): void {
    const chunks = new Set(statements.map((s) => Math.floor(s / CHUNK)));
    if (!state.kept || statements.length === 0) chunks.add(0);
    state.kept = true;
    for (const chunk of chunks) {
      const results: Doc[] = [];
      for (const [s, result] of inChunk(state.results, chunk))
        results.push(
          new Map<string, Value>([
            ['s', s],
            ['r', result],
          ]),
        );
      const head = chunk === 0;
      this.store.putMeta(
        rowKey(lsid, chunk),
        encode({
          head,
          txn: state.txnNumber,
          committed: state.committed,
          at: new UtcDate(state.usedAtMs),
          results,
        }),
      );
    }
  }

  forget(lsid: string): void {
    this.store.dropMetas(PREFIX + lsid);
  }

  /** Sessions whose last write is older than the given time. */
  idleSince(ms: number): string[] {
    const out = new Set<string>();
    for (const [key, bytes] of this.store.metas(PREFIX)) {
      const row = decode(bytes);
      const at = row.get('at');
      if (row.get('head') !== true) continue; // the others may be leftovers of an earlier number
      if (at instanceof UtcDate && at.ms < ms) out.add(key.slice(1, 17));
    }
    return [...out];
  }
}

function* inChunk(
  results: ReadonlyMap<number, Doc>,
  chunk: number,
): Generator<readonly [number, Doc]> {
  if (results.size <= CHUNK) {
    for (const entry of results) if (Math.floor(entry[0] / CHUNK) === chunk) yield entry;
    return;
  }
  for (let s = chunk * CHUNK; s < (chunk + 1) * CHUNK; s++) {
    const result = results.get(s);
    if (result) yield [s, result];
  }
}
