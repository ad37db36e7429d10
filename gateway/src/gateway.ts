import type { RequestListener } from 'node:http';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Viewer } from '@7pay/graphql';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { newRequestId, type Log } from '@7pay/telemetry';
import { type Clock, startStopwatch, systemClock } from '@7pay/time';
import { type ExecutorName, GATEWAY_LIMITS, type GatewayLimits } from './config.ts';
import { maskError } from './guards/mask-errors.ts';
import { admission, costLimit, costRefusal, type Spend } from './guards/cost-limit.ts';
import { readCostTable } from './guards/cost-table.ts';
import { oneOperation } from './guards/one-operation.ts';
import { checkVariablesBy, variableLimits } from './guards/variable-limits.ts';
import { wholeAmounts } from './guards/whole-amounts.ts';
import { type Deadline } from './reach/deadline.ts';
import { guardedReach, type ReachRules } from './reach/guarded-reach.ts';
import type { Reach } from './reach/reach.ts';
import { chooseExecutor } from './executor/choose-executor.ts';
import type { NextSupergraph } from './executor/own-gateway.ts';
import { digestOf } from './supergraph/signed-supergraph.ts';
import { graphqlFront } from './http/graphql-front.ts';
import { type Buckets, bucketsInMemory } from './rate/buckets.ts';
import { RATE_LIMITS, type RateLimits } from './rate/rate-limits.ts';
import { spendByCaller } from './rate/spend-by-caller.ts';
import { keptDocuments } from './operations/kept-documents.ts';
import { answerOperation } from './operations/answer-operation.ts';
import {
  documentsIn,
  type OperationsManifest,
  registeredOperations,
  type ResolveOperation,
} from './operations/registered-operations.ts';
import { onlyAsEvents } from './subscriptions/only-as-events.ts';
import type { SubscriptionSlot } from './subscriptions/prepare-subscription.ts';
import {
  SUBSCRIPTION_LIMITS,
  type SubscriptionLimits,
} from './subscriptions/subscription-limits.ts';
import { openSubscriptions } from './subscriptions/subscriptions.ts';
import type { JudgeLogin, ReadViewer } from './viewer.ts';

/** What travels with one request through the gateway. */
export interface GatewayContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly deadline: Deadline;
  /** Where the request comes from; the only name of a caller that has no token. */
  readonly address: string;
  /** Where a subscription is put that was planned. Absent where the client takes no events. */
  readonly subscription?: SubscriptionSlot;
}

export interface GatewayDeps {
  /** The composed graph, checked in as supergraph.graphql. */
  readonly supergraph: string;
  /** Tells of supergraphs that are to serve instead, one at a time. Without it the first serves for ever. */
  readonly follow?: (take: (next: NextSupergraph) => Promise<void>) => { stop(): Promise<void> };
  /** How each subgraph is reached: by function call, or over HTTP with a signed identity. */
  readonly reach: Reach;
  /** How much the way to each subgraph bears, and when it is given up for a while. */
  readonly reachRules?: ReachRules;
  readonly readViewer: ReadViewer;
  readonly allowedOrigins: readonly string[];
  /** Production hides the schema: no introspection, no suggestions, no explorer. */
  readonly production: boolean;
  readonly limits?: GatewayLimits;
  /**
   * What public clients may send in production, where a gateway does not open without it; `any` is for audits and for tests
   * that are about something else. Elsewhere anything may be sent, and this is known by digest.
   */
  readonly operations?: OperationsManifest | 'any';
  /** What callers may spend; `unlimited` is for benches and for tests that are about something else. */
  readonly rates?: RateLimits | 'unlimited';
  /** Where it is kept what they have spent; in memory unless told. */
  readonly buckets?: Buckets;
  /** How many proxies of ours stand in front and add to `X-Forwarded-For`. */
  readonly proxies?: number;
  /** Who executes plans: our own executor unless told, or that of `@apollo/gateway` to fall back on. */
  readonly executor?: ExecutorName;
  /** Answers queries by GET as well. For audits: an address ends in logs (docs/adr/0018-gateway-protection.md). */
  readonly queriesByGet?: boolean;
  /** How many streams there may be, and for how long. */
  readonly subscriptionLimits?: SubscriptionLimits;
  /** Signs the ids of their events; gateways that share it can take over from each other. */
  readonly cursorKey?: Uint8Array;
  /** Whether the login behind an access token has ended, for streams that are open already. */
  readonly judge?: JudgeLogin;
  /** Tells when access tokens end. */
  readonly clock?: Clock;
  readonly log: Log;
}

/** The one public endpoint of the graph. */
export interface Gateway {
  /** Answers `POST /graphql` and its CORS preflight. */
  readonly handler: RequestListener;
  /** First characters of the digest of the supergraph that serves. */
  readonly supergraphId: string;
  /** How many subscriptions are open. */
  readonly subscriptions: number;
  /** Completes all subscriptions and takes no more; before the connections are drained. */
  endSubscriptions(): Promise<void>;
  stop(): Promise<void>;
}

/** Loads the supergraph and opens the gateway. */
export async function openGateway(given: GatewayDeps): Promise<Gateway> {
  const stopwatch = startStopwatch();
  const { supergraph, production, log, limits = GATEWAY_LIMITS } = given;
  const { reachRules: rules } = given;
  const elapsedMs = () => stopwatch.elapsed();
  const reach = guardedReach(given.reach, { ...(rules ? { rules } : {}), elapsedMs, log });
  const deps = { ...given, reach };
  const resolve = resolveOf(deps);
  const executor = chooseExecutor(deps.executor ?? 'own', {
    supergraph,
    documents: documentsOf(given.operations),
    reach,
    deadlineMs: limits.deadlineMs,
    log,
  });
  let serving = digestOf(supergraph);
  let costs = readCostTable(supergraph);
  const spend = spendOf(deps, elapsedMs);
  const admit = admission({ most: limits.cost, spend });
  let schema: GraphQLSchema | undefined;
  executor.gateway.onSchemaLoadOrUpdate(({ apiSchema }) => (schema = apiSchema));
  const refuseCostly = costRefusal(limits.cost, () => schema && { schema, table: costs });
  const checkVariables = checkVariablesBy(limits);
  const format = (formatted: GraphQLFormattedError, error: unknown) =>
    maskError(formatted, error, { reference: newRequestId(), log });
  const subscriptions = openSubscriptions({
    reach,
    limits: deps.subscriptionLimits ?? SUBSCRIPTION_LIMITS,
    deadlineMs: limits.deadlineMs,
    cursorKey: deps.cursorKey,
    judge: deps.judge,
    clock: deps.clock ?? systemClock,
    elapsedMs,
    log,
  });
  const server = new ApolloServer<GatewayContext>({
    gateway: executor.gateway,
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: keptDocuments(),
    stopOnTerminationSignals: false,
    // Nothing here may be cached by anybody, no page of a vendor is served, and no trace is sent inline.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      oneOperation,
      onlyAsEvents(deps.executor ?? 'own', () => costs),
      variableLimits(checkVariables),
      costLimit(() => costs, admit),
    ],
    parseOptions: { maxTokens: limits.tokens, noLocation: false },
    validationRules: [wholeAmounts],
    formatError: format,
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message: string) => log.warn('apollo.warned', { reason: message }),
      error: (message: string) => log.error('apollo.failed', { reason: message }),
    },
  });
  await server.start();
  const following = deps.follow?.(async (next) => {
    await executor.replace(next);
    serving = digestOf(next.sdl);
    costs = readCostTable(next.sdl);
    subscriptions.moveOn();
  });
  const { known } = executor;
  const answer = answerOperation(server, {
    known,
    costs: () => costs,
    checkVariables,
    admit,
    refuseCostly,
    format,
  });
  return {
    handler: graphqlFront(answer, {
      ...deps,
      limits,
      resolve,
      events: { server, subscriptions, spend },
    }),
    get subscriptions() {
      return subscriptions.open;
    },
    endSubscriptions: () => subscriptions.stop(),
    get supergraphId() {
      return serving.slice(0, 12);
    },
    stop: async () => {
      await subscriptions.stop();
      await following?.stop();
      await server.stop();
      await executor.close();
      await reach.close();
    },
  };
}

function resolveOf({ operations, production }: GatewayDeps): ResolveOperation {
  if (operations === undefined && production) {
    throw new Error('a gateway in production needs the operations of its clients');
  }
  const isOpen = !production || operations === 'any';
  const manifest = operations === undefined || operations === 'any' ? {} : operations;
  return registeredOperations(manifest, { strict: !isOpen });
}

const documentsOf = (operations: GatewayDeps['operations'] = 'any') =>
  operations === 'any' ? [] : documentsIn(operations);

function spendOf({ rates = RATE_LIMITS, buckets }: GatewayDeps, elapsedMs: () => number): Spend {
  if (rates === 'unlimited') return () => {};
  return spendByCaller(buckets ?? bucketsInMemory(elapsedMs), rates);
}
