import type { Connection } from 'mongoose';

/** Where a change stream goes on; opaque, kept by the follower. */
export type ResumeToken = Readonly<Record<string, unknown>>;

/** One inserted document, when the database wrote it, by its own clock, and the token behind which the next stream goes on. */
export interface Followed {
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly at: Date;
  readonly token: ResumeToken;
}

export interface FollowOptions {
  readonly collection: string;
  /** Goes on behind this token; absent: from now. */
  readonly after?: ResumeToken | undefined;
  /** Called once, when the stream stands: what is written from now on will be seen. */
  readonly onOpen?: () => void;
  /** Told of each place that the stream has come to, changes or not: it can be resumed from there. */
  readonly onPosition?: (token: ResumeToken) => void;
  readonly onChange: (change: Followed) => Promise<void>;
  /** What kinds of change are wanted; inserts alone unless told. */
  readonly operations?: readonly string[];
  /** Further conditions on the change, judged by the server. */
  readonly match?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/**
 * Follows the changes of a collection, one after another, until the signal is aborted.
 * Returns when stopped; throws when the stream breaks, and the caller decides when to come back.
 */
export async function followChanges(connection: Connection, options: FollowOptions): Promise<void> {
  const stream = connection.collection(options.collection).watch(
    [
      {
        $match: {
          operationType: { $in: [...(options.operations ?? ['insert'])] },
          ...options.match,
        },
      },
    ],
    {
      maxAwaitTimeMS: 1_000,
      fullDocument: 'updateLookup',
      ...(options.after ? { resumeAfter: options.after } : {}),
    },
  );
  const close = () => void stream.close().catch(() => {});
  options.signal.addEventListener('abort', close, { once: true });
  try {
    if (options.onPosition) stream.on('resumeTokenChanged', options.onPosition);
    // The first token comes with the answer that opened the cursor: from then on nothing is missed.
    if (options.onOpen) stream.once('resumeTokenChanged', () => options.onOpen?.());
    while (!options.signal.aborted) {
      const change = await stream.next();
      const document = 'fullDocument' in change ? (change.fullDocument ?? null) : null;
      await options.onChange({ document, at: instantOf(change), token: change._id as ResumeToken });
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    options.signal.removeEventListener('abort', close);
    await stream.close().catch(() => {});
  }
}

/** By the clock on the wall; servers before MongoDB 6 tell the second of the history alone. */
function instantOf(change: {
  readonly wallTime?: Date | undefined;
  readonly clusterTime?: { getHighBitsUnsigned(): number } | undefined;
}): Date {
  const { wallTime, clusterTime } = change;
  return wallTime ?? new Date((clusterTime?.getHighBitsUnsigned() ?? 0) * 1_000);
}
