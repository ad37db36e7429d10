import { createServer } from 'node:http';
import { openGateway, readViewer, verifyAccessToken } from '@7pay/gateway';
import { closeServer, listen } from '@7pay/graphql';
import type { Platform } from '@7pay/platform';
import { newRequestId, silentLog } from '@7pay/telemetry';
import { type Graph, type GraphAnswer, graphAt } from './graph.ts';
import type { RecordedCalls } from './recorded-calls.ts';

/** A graph whose every answer was compared with that of the other executor. */
export interface ComparedGraph {
  readonly graph: Graph;
  /** @throws Error that names each operation to which the executors gave different answers */
  stop(): Promise<void>;
}

/**
 * Asks everything twice: our own executor, and then that of `@apollo/gateway`, which is given the same answers of the
 * subgraphs. So a payment is made once, and whoever changes an executor finds out what it changes.
 */
export async function compareExecutors(
  platform: Platform,
  supergraph: string,
  calls: RecordedCalls,
): Promise<ComparedGraph> {
  const { identity: issuer, gateway: url } = platform.urls;
  const audience = `${url}/graphql`;
  const stock = await openGateway({
    supergraph,
    reach: calls.replaying,
    readViewer: readViewer(verifyAccessToken({ issuer, audience, clock: platform.clock })),
    allowedOrigins: [],
    production: false,
    executor: 'stock',
    log: silentLog,
  });
  const server = createServer(stock.handler);
  const other = graphAt(`http://localhost:${await listen(server, 0)}`);
  const graph = graphAt(url);
  const different: string[] = [];
  return {
    graph: {
      ask: async <Data>(...given: Parameters<Graph['ask']>): Promise<GraphAnswer<Data>> => {
        const [query, variables, token, headers = {}] = given;
        const requestId = headers['x-request-id'] ?? newRequestId();
        const sent = { ...headers, 'x-request-id': requestId };
        const ours = await graph.ask<Data>(query, variables, token, sent);
        const theirs = await other.ask<Data>(query, variables, token, sent);
        calls.forget(requestId);
        if (essence(ours) !== essence(theirs)) {
          different.push(`${query}\n  ours:  ${essence(ours)}\n  stock: ${essence(theirs)}`);
        }
        return ours;
      },
    },
    stop: async () => {
      await closeServer(server);
      await stock.stop();
      if (different.length > 0) throw new Error(`the executors differ:\n${different.join('\n')}`);
    },
  };
}

/** What has to be the same: status, data, and of the errors their places and codes. */
function essence({ status, data, errors = [] }: GraphAnswer<unknown>): string {
  const told = errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`);
  return JSON.stringify({ status, data, errors: told.toSorted() });
}
