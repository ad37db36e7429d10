import type { SubscriptionItem, Viewer } from '@7pay/graphql';
import { unauthenticated } from '@7pay/graphql';
import { sleep } from '@7pay/time';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { deadlineIn } from '../reach/deadline.ts';
import { NO_ANSWER, SubgraphUnavailable } from '../reach/reach.ts';
import type { EventCursors } from './event-cursors.ts';
import type { EventSink, StreamEnd } from './event-sink.ts';
import type { PreparedSubscription } from './prepare-subscription.ts';

/** One subscription of one client, from its first event to its end. */
export interface SubscriptionStream {
  readonly viewer: Viewer;
  readonly prepared: PreparedSubscription;
  readonly source: AsyncIterable<SubscriptionItem>;
  readonly sink: EventSink;
  readonly cursors: EventCursors;
  /** Ends it; aborted with its reason, a {@link StreamEnd}, or without one when the client has gone. */
  readonly ending: AbortController;
  /** Takes the cost of one event from what the caller may spend. @throws GraphQLError with retryAfterSeconds */
  readonly pay: () => void;
  /** An id was given that is too old to resume from: what comes first is the present. */
  readonly isGap: boolean;
  readonly deadlineMs: number;
  readonly mask: (error: GraphQLFormattedError, cause: unknown) => GraphQLFormattedError;
  /** The id to come back with. */
  lastId: string | undefined;
}

/** Tells the client of each event until the source, the client or somebody else ends it. Never rejects. */
export async function runStream(stream: SubscriptionStream): Promise<void> {
  const { source, ending, sink } = stream;
  const { signal } = ending;
  let isFirst = true;
  let end: StreamEnd = 'DONE';
  try {
    for await (const item of source) {
      if (signal.aborted) break;
      if (item.result && !isFirst) await paid(stream);
      if (signal.aborted) break;
      if (item.result)
        await tell(stream, { ...item, ...(isFirst && stream.isGap ? { gap: true } : {}) });
      else stream.lastId = idOf(stream, item) ?? stream.lastId;
      if (item.result) isFirst = false;
    }
  } catch (error) {
    if (!signal.aborted)
      sink.next({ errors: [stream.mask(...asFormatted(endedBy(error)))] }, undefined);
  }
  if (signal.aborted) {
    if (!isEnd(signal.reason)) return; // nobody is there
    end = signal.reason;
  }
  if (end === 'TOKEN_ENDED') sink.next({ errors: [unauthenticated().toJSON()] }, stream.lastId);
  // Not everybody at once: what has ended a thousand streams is not asked by a thousand in one moment.
  sink.complete(end, end === 'DONE' ? undefined : 500 + Math.floor(Math.random() * 1_500));
  ending.abort();
}

async function tell(stream: SubscriptionStream, item: SubscriptionItem): Promise<void> {
  const { prepared, viewer, sink, deadlineMs } = stream;
  const { result = {}, gap } = item;
  stream.lastId = idOf(stream, item) ?? stream.lastId;
  // What has no data was refused, or ends it: there is nothing to add to it.
  const answer = result.data === undefined ? result : await answerTo(prepared, result);
  sink.next(
    { ...formatted(answer, stream), ...(gap ? { extensions: { gap: true } } : {}) },
    stream.lastId,
  );

  async function answerTo({ answer: make }: PreparedSubscription, event: ExecutionResult) {
    const deadline = deadlineIn(deadlineMs);
    const forget = () => deadline.clientGone();
    stream.ending.signal.addEventListener('abort', forget, { once: true });
    try {
      return await make(event, { viewer, requestId: viewer.requestId, deadline });
    } finally {
      stream.ending.signal.removeEventListener('abort', forget);
      deadline.close();
    }
  }
}

const idOf = ({ cursors }: SubscriptionStream, { cursor }: SubscriptionItem): string | undefined =>
  cursor === undefined ? undefined : cursors.seal(cursor);

/** An event that the caller cannot pay for yet waits until it can: it is late, and not lost. */
async function paid({ pay, ending }: SubscriptionStream): Promise<void> {
  while (!ending.signal.aborted) {
    try {
      return pay();
    } catch (error) {
      const seconds =
        error instanceof GraphQLError ? error.extensions['retryAfterSeconds'] : undefined;
      if (typeof seconds !== 'number') throw error;
      await sleep(seconds * 1_000, ending.signal);
    }
  }
}

function formatted({ data, errors }: ExecutionResult, { mask }: SubscriptionStream) {
  return {
    ...(data === undefined ? {} : { data: data as Record<string, unknown> | null }),
    ...(errors ? { errors: errors.map((error) => mask(...asFormatted(error))) } : {}),
  };
}

// Over HTTP a subgraph's error is a plain object already.
const asFormatted = (error: GraphQLError): [GraphQLFormattedError, unknown] => [
  error instanceof GraphQLError ? error.toJSON() : error,
  error,
];

function endedBy(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const code = error instanceof SubgraphUnavailable ? 'UNAVAILABLE' : 'INTERNAL';
  return new GraphQLError(NO_ANSWER, {
    extensions: { code },
    ...(error instanceof Error ? { originalError: error } : {}),
  });
}

const ENDS: ReadonlySet<unknown> = new Set<StreamEnd>([
  'DONE',
  'TOKEN_ENDED',
  'LIFE_OVER',
  'MOVED',
  'STOPPING',
]);
const isEnd = (reason: unknown): reason is StreamEnd => ENDS.has(reason);
