import type { Connection } from 'mongoose';
import type { FeedChange } from './change-listener.ts';
import { hasErrorLabel } from './unit-of-work.ts';

/** Documents that somebody listens to: those with a value in a field, or all. */
export type Topic = { readonly field: string; readonly value: string } | 'all';

/** What was written to a collection from one place to another is not known any more. */
export class HistoryLost extends Error {
  override readonly name = 'HistoryLost';
}

const MOST_MISSED = 1_000;
const LOOK_MS = 50;
const LONGEST_MS = 10_000;

// 136 CappedPositionLost, 260 InvalidResumeToken, 280 ChangeStreamFatalError, 286 ChangeStreamHistoryLost, and what
// servers say of a token that another server made (40647, 50811): a database that was restored elsewhere brings such along.
const LOST = new Set([136, 260, 280, 286, 40_647, 50_811]);

/** Whether a stream that broke can never go on from where it was. */
export const isHistoryLost = (error: unknown): boolean =>
  error instanceof HistoryLost ||
  hasErrorLabel(error, 'NonResumableChangeStreamError') ||
  (typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'number' &&
    LOST.has(error.code));

/** The kinds of change that leave a document behind. */
export const KINDS_OF_CHANGE = ['insert', 'update', 'replace'];

/**
 * Reads from the history of a collection what happened to some documents behind one place, until another.
 * @throws HistoryLost, or an error of the database that says so, when nobody can tell
 */
export async function missedChanges(
  connection: Connection,
  asked: {
    readonly collection: string;
    readonly topic: Topic;
    readonly after: string;
    readonly until: string;
    readonly signal: AbortSignal;
  },
): Promise<FeedChange[]> {
  const { collection, topic, after, until, signal } = asked;
  const missed: FeedChange[] = [];
  const stream = connection
    .collection(collection)
    .watch([{ $match: { operationType: { $in: KINDS_OF_CHANGE }, ...conditionOf(topic) } }], {
      maxAwaitTimeMS: LOOK_MS,
      fullDocument: 'updateLookup',
      resumeAfter: { _data: after },
    });
  const late = performance.now() + LONGEST_MS;
  let reached = '';
  try {
    while (!signal.aborted) {
      const change = await stream.tryNext();
      if (!change) {
        const at = positionOf(stream.resumeToken);
        if (at >= until || at === reached) break; // where it does not move on, there is no more
        reached = at;
        if (performance.now() > late)
          throw new HistoryLost('reading what was missed takes too long');
        continue;
      }
      const position = positionOf(change._id);
      if (position > until) break;
      if (missed.length >= MOST_MISSED) throw new HistoryLost('too much was missed');
      if ('fullDocument' in change && change.fullDocument) {
        missed.push({ document: change.fullDocument, position });
      }
    }
    return missed;
  } finally {
    await stream.close().catch(() => {});
  }
}

function conditionOf(topic: Topic): Readonly<Record<string, string>> {
  if (topic === 'all') return {};
  const { field, value } = topic;
  return field === '_id' ? { 'documentKey._id': value } : { [`fullDocument.${field}`]: value };
}

/** The place that a resume token names. Its text sorts as the history does. */
export function positionOf(token: unknown): string {
  const data = typeof token === 'object' && token !== null && '_data' in token ? token._data : '';
  return typeof data === 'string' ? data : '';
}
