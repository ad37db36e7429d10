import type { Batch, CursorSource } from '../cursors/cursors.ts';
import { DocumentSource } from '../cursors/document-source.ts';
import { timestampOf } from '../transactions/cluster-clock.ts';
import { Raw } from '../values/encode.ts';
import type { Context, Reply } from './context.ts';

/** Documents in a first batch when the client does not say. */
export const FIRST_BATCH = 101;

const raw = (batch: Batch): Raw[] => batch.docs.map((doc) => new Raw(doc));

/** How a cursor is opened. */
export interface OpenCursor {
  readonly ns: string;
  readonly source: CursorSource;
  readonly batchSize: number;
  readonly singleBatch?: boolean;
  readonly noTimeout?: boolean;
  readonly stream?: boolean;
}

/** The first batch of a read, with a cursor for the rest if there is one. */
export async function openCursor(context: Context, input: OpenCursor): Promise<Reply> {
  const { source, ns } = input;
  const first: Batch =
    input.batchSize === 0 && !input.stream
      ? { docs: [], last: false }
      : await source.next({ count: input.batchSize, waitMs: 0, stop: context.peer.closed });
  const ends =
    input.singleBatch === true ||
    first.last ||
    (input.batchSize > 0 && source instanceof DocumentSource && (await source.exhausted()));
  let id = 0n;
  if (ends) source.close();
  else {
    const { session, transaction } = context;
    const cursor = context.engine.cursors.add({
      ns,
      source,
      lsid: session?.lsid ?? null,
      txnNumber: transaction?.txnNumber ?? null,
      noTimeout: input.noTimeout ?? false,
      snapshotTs: context.snapshot?.ts ?? null,
      stream: input.stream ?? false,
    });
    id = cursor.id;
    session?.cursors.add(id);
  }
  return {
    cursor: {
      firstBatch: raw(first),
      id,
      ns,
      postBatchResumeToken: first.token && new Raw(first.token),
      atClusterTime: context.snapshot ? timestampOf(context.snapshot.ts) : undefined,
    },
  };
}

/** A following batch as `getMore` answers it. */
export const nextBatch = (batch: Batch, id: bigint, ns: string): Reply => ({
  cursor: {
    nextBatch: raw(batch),
    id,
    ns,
    postBatchResumeToken: batch.token && new Raw(batch.token),
  },
});
