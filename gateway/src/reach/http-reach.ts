import type { InternalKey } from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';
import { internalTokens } from './internal-tokens.ts';
import { type Reach, SubgraphUnavailable } from './reach.ts';

const LARGEST_ANSWER = 10_000_000;

/**
 * Reaches subgraphs over HTTP/1.1 with keep-alive pools and an internal token that says who asks, signed for
 * that subgraph alone. Each call ends with the request's deadline; nothing is sent twice.
 */
export function httpReach(options: {
  urls: Readonly<Record<string, string>>;
  key: InternalKey;
  clock: Clock;
}): Reach {
  const pools = new Map(
    Object.entries(options.urls).map(([name, url]) => [
      name,
      new Pool(new URL(url).origin, { connections: 32, pipelining: 1, keepAliveTimeout: 30_000 }),
    ]),
  );
  const tokenFor = internalTokens(options.key, options.clock);
  return {
    call: async ({ subgraph, request, viewer, deadline }): Promise<ExecutionResult> => {
      const pool = pools.get(subgraph);
      if (!pool) throw new SubgraphUnavailable(`no address for ${subgraph}`);
      const { query, variables, operationName } = request;
      try {
        const { statusCode, body } = await pool.request({
          method: 'POST',
          path: '/graphql',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${await tokenFor(viewer, subgraph)}`,
            'x-request-id': viewer.requestId,
          },
          body: JSON.stringify({ query, variables, operationName }),
          signal: AbortSignal.timeout(Math.max(1, Math.ceil(deadline.left()))),
        });
        const text = await readText(body);
        if (statusCode !== 200) throw new Error(`${subgraph} answered ${statusCode}`);
        const result = JSON.parse(text) as ExecutionResult;
        if (typeof result !== 'object' || result === null) throw new Error('no GraphQL answer');
        return result;
      } catch (cause) {
        throw new SubgraphUnavailable(`${subgraph} gave no answer`, { cause });
      }
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
