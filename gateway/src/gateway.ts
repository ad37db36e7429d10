import type { RequestListener } from 'node:http';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Viewer } from '@7pay/graphql';
import { newRequestId, type Log } from '@7pay/telemetry';
import { type ExecutorName, GATEWAY_LIMITS, type GatewayLimits } from './config.ts';
import { maskError } from './guards/mask-errors.ts';
import { aliasLimit } from './guards/aliases.ts';
import { depthLimit } from './guards/depth.ts';
import { wholeAmounts } from './guards/whole-amounts.ts';
import { type Deadline } from './reach/deadline.ts';
import type { Reach } from './reach/reach.ts';
import { chooseExecutor } from './executor/choose-executor.ts';
import type { NextSupergraph } from './executor/own-gateway.ts';
import { digestOf } from './supergraph/signed-supergraph.ts';
import { graphqlFront } from './http/graphql-front.ts';
import type { ReadViewer } from './viewer.ts';

/** What travels with one request through the gateway. */
export interface GatewayContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly deadline: Deadline;
}

export interface GatewayDeps {
  /** The composed graph, checked in as supergraph.graphql. */
  readonly supergraph: string;
  /** Tells of supergraphs that are to serve instead, one at a time. Without it the first serves for ever. */
  readonly follow?: (take: (next: NextSupergraph) => Promise<void>) => { stop(): Promise<void> };
  /** How each subgraph is reached: by function call, or over HTTP with a signed identity. */
  readonly reach: Reach;
  readonly readViewer: ReadViewer;
  readonly allowedOrigins: readonly string[];
  /** Production hides the schema: no introspection, no suggestions, no explorer. */
  readonly production: boolean;
  readonly limits?: GatewayLimits;
  /** Who executes plans: our own executor unless told, or that of `@apollo/gateway` to fall back on. */
  readonly executor?: ExecutorName;
  readonly log: Log;
}

/** The one public endpoint of the graph. */
export interface Gateway {
  /** Answers `POST /graphql` and its CORS preflight. */
  readonly handler: RequestListener;
  /** First characters of the digest of the supergraph that serves. */
  readonly supergraphId: string;
  stop(): Promise<void>;
}

/** Loads the supergraph and opens the gateway. */
export async function openGateway(deps: GatewayDeps): Promise<Gateway> {
  const { supergraph, reach, production, log, limits = GATEWAY_LIMITS } = deps;
  const executor = chooseExecutor(deps.executor ?? 'own', {
    supergraph,
    reach,
    deadlineMs: limits.deadlineMs,
    log,
  });
  let serving = digestOf(supergraph);
  const server = new ApolloServer<GatewayContext>({
    gateway: executor.gateway,
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    // Nothing here may be cached by anybody, no page of a vendor is served, and no trace is sent inline.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
    parseOptions: { maxTokens: limits.tokens, noLocation: false },
    validationRules: [depthLimit(limits.depth), aliasLimit(limits.aliases), wholeAmounts],
    formatError: (formatted, error) =>
      maskError(formatted, error, { reference: newRequestId(), log }),
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
  });
  return {
    handler: graphqlFront(server, { ...deps, limits }),
    get supergraphId() {
      return serving.slice(0, 12);
    },
    stop: async () => {
      await following?.stop();
      await server.stop();
      await executor.close();
      await reach.close();
    },
  };
}
