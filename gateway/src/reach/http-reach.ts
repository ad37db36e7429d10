import { HEARTBEAT_MS, type InternalKey } from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';
import type { NamedSubgraph } from '../executor/planning.ts';
import { exchange } from './exchange.ts';
import { internalTokens } from './internal-tokens.ts';
import { subscribeOverHttp } from './subscribe-over-http.ts';
import {
  NothingReceived,
  type Reach,
  type SubgraphCall,
  SubgraphUnavailable,
  tooLateToAsk,
} from './reach.ts';

const CONNECT_MS = 2_000;
/** How long a line may be silent. Longer than a request may take: it ends what the deadline does not, a mutation. */
const SILENCE_MS = 10_000;
/** After so many heartbeats that did not come a stream is taken for broken. */
const HEARTBEATS_MISSED = 3;

/**
 * Reaches subgraphs over HTTP/1.1 with keep-alive pools and an internal token that says who asks, signed for
 * that subgraph alone. Each call ends with the request's deadline; nothing is sent twice here.
 */
export function httpReach(options: {
  urls: Readonly<Record<string, string>>;
  key: InternalKey;
  clock: Clock;
}): Reach {
  const tokenFor = internalTokens(options.key, options.clock);
  const targets = Object.entries(options.urls).map(
    ([name, url]) => [name, { origin: new URL(url).origin, path: '/graphql' }] as const,
  );
  return reachOver(new Map(targets), ({ subgraph, viewer }) => {
    const { requestId } = viewer;
    const headersWith = (token: string) => ({
      authorization: `Bearer ${token}`,
      'x-request-id': requestId,
    });
    const token = tokenFor(viewer, subgraph);
    return typeof token === 'string' ? headersWith(token) : token.then(headersWith);
  });
}

/** Reaches subgraphs at exactly their URLs and tells them nothing of who asks. For audits alone. */
export function plainReach(subgraphs: readonly NamedSubgraph[]): Reach {
  const targets = subgraphs.map(({ name, url }) => {
    const { origin, pathname, search } = new URL(url);
    return [name, { origin, path: pathname + search }] as const;
  });
  return reachOver(new Map(targets), () => ({}));
}

type Headers = Readonly<Record<string, string>>;

function reachOver(
  targets: ReadonlyMap<string, { readonly origin: string; readonly path: string }>,
  headersFor: (call: Pick<SubgraphCall, 'subgraph' | 'viewer'>) => Headers | Promise<Headers>,
): Reach {
  const pools = new Map(
    [...targets].map(([name, { origin, path }]) => [name, { dispatcher: poolOf(origin), path }]),
  );
  // A stream keeps its line for itself: they have lines of their own, as many as there are streams.
  const streams = new Map(
    [...targets].map(([name, { origin, path }]) => [name, { dispatcher: linesTo(origin), path }]),
  );
  return {
    subscribe: async function* (call) {
      const { subgraph, viewer } = call;
      const target = streams.get(subgraph);
      if (!target) throw new SubgraphUnavailable(`no address for ${subgraph}`);
      const headers = await headersFor({ subgraph, viewer });
      yield* subscribeOverHttp(target, call, headers);
    },
    call: async (call): Promise<ExecutionResult> => {
      const { subgraph, deadline } = call;
      const target = pools.get(subgraph);
      if (!target) throw new SubgraphUnavailable(`no address for ${subgraph}`);
      try {
        const made = headersFor(call);
        const headers = made instanceof Promise ? await made : made;
        const { ending } = deadline;
        if (ending) throw tooLateToAsk(subgraph, ending);
        return await exchange(target, call, headers);
      } catch (cause) {
        if (cause instanceof SubgraphUnavailable) throw cause;
        const nothingReceived = cause instanceof NothingReceived;
        throw new SubgraphUnavailable(`${subgraph} gave no answer`, { cause, nothingReceived });
      }
    },
    close: async () => {
      const all = [...pools.values(), ...streams.values()];
      await Promise.all(all.map(({ dispatcher }) => dispatcher.destroy()));
    },
  };
}

const linesTo = (origin: string): Pool =>
  new Pool(origin, {
    connections: null,
    pipelining: 1,
    headersTimeout: SILENCE_MS,
    bodyTimeout: HEARTBEATS_MISSED * HEARTBEAT_MS,
    connect: { timeout: CONNECT_MS },
  });

const poolOf = (origin: string): Pool =>
  new Pool(origin, {
    connections: 32,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    connect: { timeout: CONNECT_MS },
  });
