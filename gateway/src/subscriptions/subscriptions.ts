import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { badUserInput, type Viewer } from '@7pay/graphql';
import { newRequestId, type Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { LoginFacts, LoginVerdict } from '@7pay/controls';
import { decodeJwt } from 'jose';
import type { GatewayContext } from '../gateway.ts';
import { maskError } from '../guards/mask-errors.ts';
import type { AskedOperation } from '../http/asked-operation.ts';
import { callerOf } from '../rate/rate-limits.ts';
import { type Reach, SubgraphUnavailable } from '../reach/reach.ts';
import type { AccessTokenClaims } from '../token/verify-access-token.ts';
import { type JudgeLogin, loginOf } from '../viewer.ts';
import { eventCursors } from './event-cursors.ts';
import { eventSink, type StreamEnd } from './event-sink.ts';
import type { PreparedSubscription } from './prepare-subscription.ts';
import { reopened } from './reopened.ts';
import { streamPlaces } from './stream-places.ts';
import type { SubscriptionLimits } from './subscription-limits.ts';
import { runStream, type SubscriptionStream } from './subscription-stream.ts';

/** A client that wants to be told. */
export interface Subscriber {
  readonly prepared: PreparedSubscription;
  readonly asked: AskedOperation;
  readonly context: GatewayContext;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
  /** Takes the cost of one event from what the caller may spend. */
  readonly pay: () => void;
  /** {@link Subscriptions.moves} when it was looked at. */
  readonly moves: number;
}

/** The streams of a gateway. */
export interface Subscriptions {
  /** Begins a stream if its client is still there, or refuses it before anything was sent. @throws GraphQLError */
  begin(subscriber: Subscriber): void;
  /** How many are open. */
  readonly open: number;
  /** How often another supergraph came. */
  readonly moves: number;
  /** Ends all of them: what they ask has to be looked at by another supergraph. */
  moveOn(): void;
  /** Ends all of them and takes no more. */
  stop(): Promise<void>;
}

interface Held {
  readonly stream: SubscriptionStream;
  readonly bornMs: number;
  readonly token: TokenFacts;
  readonly done: Promise<void>;
}

/** Opens the part of the gateway that keeps streams: one timer looks after the ends and signs of life of all. */
export function openSubscriptions(deps: {
  readonly reach: Reach;
  readonly limits: SubscriptionLimits;
  readonly deadlineMs: number;
  /** Signs the ids of events; all gateways have to share it for clients to come back to any of them. */
  readonly cursorKey?: Uint8Array | undefined;
  /** Judges the login behind a token; every one holds if absent. */
  readonly judge?: JudgeLogin | undefined;
  readonly clock: Clock;
  readonly elapsedMs: () => number;
  readonly log: Log;
}): Subscriptions {
  const { judge } = deps;
  const { reach, limits, clock, elapsedMs, log, cursorKey = randomBytes(32) } = deps;
  const places = streamPlaces(limits);
  const held = new Set<Held>();
  let isStopping = false;
  let moves = 0;

  const lookAfter = ({ stream, bornMs, token }: Held) => {
    const { ending, sink, lastId } = stream;
    const verdict = token.login && judge?.(token.login);
    const isOver = clock.now().getTime() >= token.endsAt || hasLost(stream.viewer, verdict);
    if (isOver) ending.abort('TOKEN_ENDED' satisfies StreamEnd);
    else if (elapsedMs() - bornMs >= limits.lifeMs) ending.abort('LIFE_OVER' satisfies StreamEnd);
    else if (elapsedMs() - sink.quietSince >= limits.heartbeatMs) sink.beat(lastId);
  };
  const looking = setInterval(() => {
    for (const each of held) lookAfter(each);
  }, limits.lookMs);
  looking.unref();
  const endAll = (end: StreamEnd) => {
    for (const { stream } of held) stream.ending.abort(end);
  };

  const begin = (given: Subscriber): void => {
    const { prepared, asked, context, headers, response, pay } = given;
    const { viewer, address, requestId } = context;
    // It went while it was looked at: its `close` was told before anybody here could hear it.
    if (response.destroyed) return;
    const cursors = eventCursors(
      cursorKey,
      { ...asked, viewer },
      { clock, cursorMs: limits.cursorMs },
    );
    const resumed = resumedFrom(headers, cursors);
    const leave = places.take(callerOf(viewer, address));
    const ending = new AbortController();
    const { signal } = ending;
    response.once('close', () => ending.abort());
    const { subgraph, request } = prepared;
    const source = reopened(
      (after) => {
        if (!reach.subscribe) throw new SubgraphUnavailable('this reach has no subscriptions');
        return reach.subscribe({ subgraph, request, viewer, after, signal });
      },
      {
        after: resumed.after,
        signal,
        awayMs: limits.awayMs,
        elapsedMs,
        onBroken: (cause) =>
          log.warn('subscription.broken', { subgraph, reference: requestId, cause }),
      },
    );
    const onDropped = () => log.warn('subscription.unread', { reference: requestId });
    const stream: SubscriptionStream = {
      viewer,
      prepared,
      source,
      sink: eventSink(response, { unreadBytes: limits.unreadBytes, elapsedMs, onDropped }),
      cursors,
      ending,
      pay,
      isGap: resumed.isGap,
      deadlineMs: deps.deadlineMs,
      mask: (error, cause) => maskError(error, cause, { reference: newRequestId(), log }),
      lastId: undefined,
    };
    const done = runStream(stream).finally(() => {
      held.delete(entry);
      leave();
    });
    const entry: Held = { stream, bornMs: elapsedMs(), token: tokenIn(headers), done };
    held.add(entry);
    // It was planned for the supergraph before, which has gone meanwhile.
    if (given.moves !== moves) ending.abort('MOVED' satisfies StreamEnd);
  };

  return {
    begin: (subscriber) => {
      if (isStopping) throw new SubgraphUnavailable('this gateway stops');
      begin(subscriber);
    },
    get moves() {
      return moves;
    },
    get open() {
      return places.taken;
    },
    moveOn: () => {
      moves += 1;
      endAll('MOVED');
    },
    stop: async () => {
      isStopping = true;
      clearInterval(looking);
      endAll('STOPPING');
      await Promise.all([...held].map(({ done }) => done));
    },
  };
}

/** Where the client says that it has come to. @throws GraphQLError BAD_USER_INPUT when no stream of its own told it so */
function resumedFrom(
  headers: IncomingHttpHeaders,
  cursors: ReturnType<typeof eventCursors>,
): { readonly after: string | undefined; readonly isGap: boolean } {
  const id = headers['last-event-id'];
  if (id === undefined || id === '') return { after: undefined, isGap: false };
  const opened = typeof id === 'string' ? cursors.open(id) : undefined;
  if (!opened)
    throw badUserInput('Last-Event-ID: the id of an event of this subscription is expected');
  return opened === 'old'
    ? { after: undefined, isGap: true }
    : { after: opened.cursor, isGap: false };
}

/** Whether a viewer has lost their login since the stream began, or a scope that it began with. */
const hasLost = ({ scopes }: Viewer, verdict: LoginVerdict | undefined): boolean =>
  verdict !== undefined &&
  (!verdict.holds || verdict.withoutScopes.some((scope) => scopes.includes(scope)));

interface TokenFacts {
  /** When it ends, milliseconds since 1970. */
  readonly endsAt: number;
  /** How its login was made; nothing for a caller without a token. */
  readonly login?: LoginFacts;
}

/** What a stream has to know of the token of its request. It was verified when the viewer was read. */
function tokenIn({ authorization }: IncomingHttpHeaders): TokenFacts {
  const token = /^\w+ ([\w.-]+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return { endsAt: Infinity };
  try {
    const claims = decodeJwt<Partial<AccessTokenClaims>>(token);
    return { endsAt: (claims.exp ?? Infinity) * 1_000, login: loginOf(claims) };
  } catch {
    return { endsAt: Infinity };
  }
}
