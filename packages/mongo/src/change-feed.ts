import { sleep } from '@7pay/time';
import type { Connection } from 'mongoose';
import {
  type ChangeListener,
  changeListener,
  type FeedChange,
  type OwnedListener,
} from './change-listener.ts';
import { followChanges } from './follow-changes.ts';
import {
  isHistoryLost,
  KINDS_OF_CHANGE,
  missedChanges,
  positionOf,
  type Topic,
} from './missed-changes.ts';
import { placesFor } from './places.ts';
import { resumed } from './resumed-listener.ts';

/** The changes of one collection for many listeners in this process, over one change stream. */
export interface ChangeFeed {
  /**
   * Listens from now on or, with a position, from behind it: first what was missed, then what comes. What cannot be told
   * any more is a `gap`. Everything that is written after this resolves is heard. @throws FeedUnavailable
   */
  listen(topic: Topic, options: { after?: string | undefined }): Promise<ChangeListener>;
  /** How many listen at the moment. */
  readonly listeners: number;
  /** Whether the change stream is open or about to be. */
  readonly isFollowing: boolean;
  stop(): Promise<void>;
}

/** The database does not let its changes be followed at the moment. */
export class FeedUnavailable extends Error {
  override readonly name = 'FeedUnavailable';
}

export interface ChangeFeedOptions {
  readonly collection: string;
  /** The fields by whose value somebody may listen, `_id` among them. */
  readonly fields: readonly string[];
  /** Told why the stream broke. It is opened anew. */
  readonly onBroken: (cause: unknown) => void;
  /** How many changes may wait for one listener. */
  readonly room?: number;
  /** How many changes are kept for those who come back. */
  readonly kept?: number;
  /** How long the stream stays open when nobody listens, milliseconds. */
  readonly lingerMs?: number;
}

const OPEN_MS = 5_000;
const PAUSES_MS = [50, 250, 1_000, 2_000];
/** After a restart everybody comes back at once. */
const READERS = { atOnce: 16, waiting: 2_000 };

interface Running {
  readonly stopping: AbortController;
  readonly standing: Promise<void>;
  readonly ended: Promise<void>;
}

/**
 * Shares the change stream of a collection. It is opened for the first listener, kept while there are any, and opened anew
 * behind its last place when it breaks.
 */
export function changeFeed(
  connection: Connection,
  { collection, fields, onBroken, room = 100, kept = 500, lingerMs = 30_000 }: ChangeFeedOptions,
): ChangeFeed {
  const byTopic = new Map<string, Set<OwnedListener>>();
  const all = new Set<OwnedListener>();
  let position = '';
  let recent: { from: string; changes: FeedChange[] } = { from: '', changes: [] };
  let running: Running | undefined;
  let lingering: NodeJS.Timeout | undefined;
  const readers = placesFor(READERS);
  let opening = 0;
  let isStopped = false;

  const hear = (change: FeedChange) => {
    position = change.position > position ? change.position : position;
    recent.changes.push(change);
    const gone = recent.changes.length > kept ? recent.changes.shift() : undefined;
    if (gone) recent = { from: gone.position, changes: recent.changes };
    for (const topic of topicsOf(change, fields)) {
      for (const listener of byTopic.get(topic) ?? []) listener.tell(change);
    }
  };
  const begin = (at: string) => {
    position = at;
    recent = { from: at, changes: [] };
  };

  const run = (): Running => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const standing = Promise.withResolvers<void>();
    let isLost = false;
    position = '';
    const followOnce = () =>
      followChanges(connection, {
        collection,
        operations: KINDS_OF_CHANGE,
        signal,
        ...(position === '' ? {} : { after: { _data: position } }),
        onPosition: (token) => {
          const at = positionOf(token);
          if (position === '') begin(at);
          else if (at > position) position = at;
          standing.resolve();
          // Who listens reads the present after this: it is in there, or it will be heard.
          if (isLost) for (const listener of all) listener.tell('gap');
          isLost = false;
        },
        onChange: async ({ document, token }) => {
          if (document) hear({ document, position: positionOf(token) });
        },
      });
    const follow = async () => {
      for (let broken = 0; !signal.aborted; broken += 1) {
        const before = position;
        try {
          await followOnce();
        } catch (error) {
          onBroken(error);
          if (isHistoryLost(error)) {
            isLost = true;
            position = '';
          }
        }
        if (position !== before) broken = 0;
        await sleep(PAUSES_MS[Math.min(broken, PAUSES_MS.length - 1)] ?? 0, signal);
      }
    };
    return { stopping, standing: standing.promise, ended: follow() };
  };

  const stopRunning = async () => {
    clearTimeout(lingering);
    const ending = running;
    running = undefined;
    ending?.stopping.abort();
    await ending?.ended;
  };
  const forget = (topic: string, listener: OwnedListener) => {
    all.delete(listener);
    const others = byTopic.get(topic);
    others?.delete(listener);
    if (others?.size === 0) byTopic.delete(topic);
    lingerIfAlone();
  };
  const lingerIfAlone = () => {
    if (all.size > 0 || opening > 0 || isStopped) return;
    clearTimeout(lingering);
    lingering = setTimeout(() => void stopRunning(), lingerMs);
    lingering.unref();
  };
  const stand = async () => {
    if (isStopped) throw new FeedUnavailable('the feed was stopped');
    clearTimeout(lingering);
    running ??= run();
    const late = new AbortController();
    const isStanding = await Promise.race([
      running.standing.then(() => true),
      sleep(OPEN_MS, late.signal).then(() => false),
    ]);
    late.abort();
    if (!isStanding) throw new FeedUnavailable(`${collection} cannot be followed`);
  };

  const missed = async (topic: Topic, after: string): Promise<readonly FeedChange[] | 'gap'> => {
    const name = nameOf(topic);
    // Nobody comes from the future; such a place would let everything be passed over.
    if (!/^[0-9a-f]{16,1024}$/i.test(after) || after > position) return 'gap';
    if (after >= recent.from) {
      return recent.changes.filter(
        (change) => change.position > after && topicsOf(change, fields).includes(name),
      );
    }
    const { signal } = running?.stopping ?? new AbortController();
    const until = position;
    try {
      const found = await readers.within(() =>
        missedChanges(connection, { collection, topic, after, until, signal }),
      );
      return found ?? 'gap';
    } catch (error) {
      if (!isHistoryLost(error)) onBroken(error);
      return 'gap';
    }
  };

  return {
    listen: async (topic, { after }) => {
      opening += 1;
      try {
        await stand();
        const name = nameOf(topic);
        const listener: OwnedListener = changeListener({
          room,
          here: () => position,
          onClose: () => forget(name, listener),
        });
        all.add(listener);
        byTopic.set(name, (byTopic.get(name) ?? new Set()).add(listener));
        return after === undefined
          ? listener
          : resumed(listener, after, await missed(topic, after));
      } finally {
        opening -= 1;
        lingerIfAlone();
      }
    },
    get listeners() {
      return all.size;
    },
    get isFollowing() {
      return running !== undefined;
    },
    stop: async () => {
      isStopped = true;
      for (const listener of all) listener.fail(new FeedUnavailable('the feed was stopped'));
      await stopRunning();
    },
  };
}

const nameOf = (topic: Topic): string =>
  topic === 'all' ? 'all' : `${topic.field} ${topic.value}`;

const topicsOf = ({ document }: FeedChange, fields: readonly string[]): string[] => [
  'all',
  ...fields.map((field) => `${field} ${String(document[field])}`),
];
