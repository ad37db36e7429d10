import type { InternalKey } from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';
import { exchange } from './exchange.ts';
import { internalTokens } from './internal-tokens.ts';
import { NothingReceived, type Reach, SubgraphUnavailable } from './reach.ts';

const CONNECT_MS = 2_000;
/** How long a line may be silent. Longer than a request may take: it ends what the deadline does not, a mutation. */
const SILENCE_MS = 10_000;

/**
 * Reaches subgraphs over HTTP/1.1 with keep-alive pools and an internal token that says who asks, signed for
 * that subgraph alone. Each call ends with the request's deadline; nothing is sent twice here.
 */
export function httpReach(options: {
  urls: Readonly<Record<string, string>>;
  key: InternalKey;
  clock: Clock;
}): Reach {
  const pools = new Map(
    Object.entries(options.urls).map(([name, url]) => [name, poolOf(new URL(url).origin)]),
  );
  const tokenFor = internalTokens(options.key, options.clock);
  return {
    call: async (call): Promise<ExecutionResult> => {
      const { subgraph, viewer, deadline } = call;
      const pool = pools.get(subgraph);
      if (!pool) throw new SubgraphUnavailable(`no address for ${subgraph}`);
      try {
        const authorization = `Bearer ${await tokenFor(viewer, subgraph)}`;
        if (deadline.ending) throw new Error(`not asked: ${deadline.ending}`);
        return await exchange(pool, call, { authorization, 'x-request-id': viewer.requestId });
      } catch (cause) {
        const nothingReceived = cause instanceof NothingReceived;
        throw new SubgraphUnavailable(`${subgraph} gave no answer`, { cause, nothingReceived });
      }
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

const poolOf = (origin: string): Pool =>
  new Pool(origin, {
    connections: 32,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    connect: { timeout: CONNECT_MS },
  });
