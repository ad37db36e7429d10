import { followChanges, isHistoryLost, isOutage } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import { type Clock, sleep } from '@7pay/time';
import type { Connection } from 'mongoose';
import { type Consumer, HandlerClosed } from './event.ts';
import { keepPosition } from './keep-position.ts';
import type { Feed } from './outbox.ts';
import { openPositions, type Positions } from './position.store.ts';

/** A running relay. */
export interface Relay {
  stop(): Promise<void>;
}

const ATTEMPTS = 5;
const PAUSE_MS = 100;
const WAIT_MS = 1_000;
const REMEMBERED = 10_000;
// Two clocks, each five minutes off, and the life of a transaction: what was written behind a position is not overlooked.
const OVERLAP_MS = 12 * 60_000;

/**
 * Brings the events of the feeds to the consumers of one group: each at least once, in the order of its feed.
 * Follows the change streams from the stored position; when there is none, or the stream's history is gone,
 * reads everything since the event behind which the last position was (the inboxes drop what was dealt with). An event that
 * fails {@link ATTEMPTS} times is parked with its reason and the feed goes on: one bad event must not stop a shop.
 * A handler whose function is switched off throws {@link HandlerClosed}: then the feed waits, and nothing is parked.
 * It waits as well while the database is away or slow, for the event is not to blame.
 */
export async function startRelay(
  connection: Connection,
  options: {
    group: string;
    feeds: readonly Feed[];
    consumers: readonly Consumer[];
    clock: Clock;
    log: Log;
  },
): Promise<Relay> {
  const stopping = new AbortController();
  const standing: Promise<void>[] = [];
  const running: Promise<void>[] = [];
  for (const feed of options.feeds) {
    const names = options.consumers.map(({ event }) => event).filter((name) => feed.carries(name));
    if (names.length === 0) continue;
    const { promise, resolve } = Promise.withResolvers<void>();
    standing.push(promise);
    const { signal } = stopping;
    running.push(followFeed(connection, { ...options, feed, names, signal, standing: resolve }));
  }
  await Promise.race([Promise.all(standing), sleep(10_000, stopping.signal)]);
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

interface FeedTask {
  readonly feed: Feed;
  /** The events of this feed that somebody in the group hears. */
  readonly names: readonly string[];
  readonly group: string;
  readonly consumers: readonly Consumer[];
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly standing: () => void;
}

async function followFeed(connection: Connection, task: FeedTask): Promise<void> {
  const { feed, names, group, log, signal, standing } = task;
  const positions = openPositions(connection, group, feed.collection);
  for (let failures = 0; !signal.aborted;) {
    const attempt = new AbortController();
    const position = keepPosition(positions);
    let underWay: Promise<void> | undefined;
    let earlier: Awaited<ReturnType<typeof positions.find>> = null;
    // What the catching up has dealt with while the stream stood already: the stream brings it again.
    const caught = new Set<unknown>();
    try {
      earlier = await positions.find();
      const resumes = earlier?.token;
      const catching = Promise.withResolvers<void>();
      catching.promise.catch(() => attempt.abort()); // a stream alone would leave out what it could not read
      if (resumes) catching.resolve();
      await followChanges(connection, {
        collection: feed.collection,
        match: feed.match(names),
        after: resumes ?? undefined,
        signal: AbortSignal.any([signal, attempt.signal]),
        onOpen: () => {
          standing();
          if (resumes) return;
          // No token: read what is there while the stream already stands, so that nothing falls between.
          const from = new Date((earlier?.at.getTime() ?? OVERLAP_MS) - OVERLAP_MS);
          underWay = catchUp(connection, task, positions, { from, caught });
          underWay.then(catching.resolve, catching.reject);
        },
        onChange: async ({ document, at, token }) => {
          await catching.promise;
          if (document && !caught.delete(document['_id'])) await deliver(task, positions, document);
          if (signal.aborted) return; // perhaps not dealt with: it comes again at the next start
          const written = document && writtenAt(feed, document);
          if (written) position.note({ token, at: earlierOf(written, at) });
          failures = 0;
        },
      });
      if (attempt.signal.aborted) await catching.promise;
    } catch (error) {
      failures += 1;
      log.warn('events.feed_broken', { group, collection: feed.collection, cause: error });
      const dead = position.lastToken ?? earlier?.token;
      if (dead && isHistoryLost(error)) {
        // What waits to be saved goes first: after it, it would put the dead token back.
        await position
          .flush()
          .then(() => positions.forget(dead))
          .catch(() => {});
      }
      await sleep(Math.min(5_000, PAUSE_MS * 2 ** failures), signal);
    } finally {
      await underWay?.catch(() => {}); // what is at work ends before we say that we have stopped
      await position
        .flush()
        .catch((cause: unknown) => log.warn('events.position_unsaved', { cause }));
    }
  }
}

async function catchUp(
  connection: Connection,
  task: FeedTask,
  positions: Positions,
  { from, caught }: { from: Date; caught: Set<unknown> },
): Promise<void> {
  const startedAt = task.clock.now();
  let reached: Date | null = null;
  for await (const document of task.feed.since(connection, from)) {
    if (task.signal.aborted) return;
    await deliver(task, positions, document);
    reached = writtenAt(task.feed, document) ?? reached;
    caught.add(document['_id']);
    if (caught.size > REMEMBERED) {
      const [oldest] = caught;
      caught.delete(oldest);
    }
  }
  if (!task.signal.aborted && reached) await positions.caughtUp(earlierOf(reached, startedAt));
}

/** When a document was written, on the clock by which its feed is read again. */
function writtenAt(feed: Feed, document: Readonly<Record<string, unknown>>): Date | null {
  if (feed.writtenAt) return feed.writtenAt(document);
  const event = feed.toEvent(document);
  return event && new Date(event.at);
}

const earlierOf = (a: Date, b: Date): Date => (a < b ? a : b);

async function deliver(
  task: FeedTask,
  positions: Positions,
  document: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { feed, group, consumers, clock, log, signal } = task;
  const event = feed.toEvent(document);
  if (!event) return;
  for (const consumer of consumers) {
    if (consumer.event !== event.name) continue;
    for (let failures = 0; !signal.aborted;) {
      try {
        await consumer.handle(event as never);
        break;
      } catch (error) {
        const facts = { group, event: event.name, eventId: event.id };
        if (error instanceof HandlerClosed || isOutage(error)) {
          const cause = error instanceof HandlerClosed ? error.message : error;
          log.warn('events.waiting', { ...facts, cause });
          await sleep(WAIT_MS, signal);
          continue;
        }
        failures += 1;
        if (failures < ATTEMPTS) {
          log.warn('events.handler_failed', { ...facts, attempt: failures, cause: error });
          await sleep(PAUSE_MS * 2 ** failures, signal);
        } else {
          log.error('events.parked', { ...facts, attempt: failures, cause: error });
          await positions.park(event.id, event, String(error), clock.now());
          break;
        }
      }
    }
  }
}
