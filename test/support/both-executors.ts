import { createServer } from 'node:http';
import {
  issuerKeys,
  openGateway,
  readViewer,
  verifyAccessToken,
  verifyDpopProof,
} from '@7pay/gateway';
import { closeServer, listen } from '@7pay/graphql';
import type { Platform } from '@7pay/platform';
import { newRequestId, silentLog } from '@7pay/telemetry';
import { type Graph, type GraphAnswer, graphAt } from './graph.ts';
import type { RecordedCalls } from './recorded-calls.ts';

/** A graph whose every answer can be compared with that of the other executor. */
export interface ComparedGraph {
  readonly graph: Graph;
  /** @throws Error that names each operation to which the executors gave different answers */
  compare(): Promise<void>;
}

interface Asked {
  readonly given: Parameters<Graph['ask']>;
  readonly ours: GraphAnswer<unknown>;
}

/**
 * Everything is asked of our own executor; at the end once more of that of `@apollo/gateway`, which is given the same
 * answers of the subgraphs. So a payment is made once, no race is slowed down, and whoever changes an executor finds
 * out what it changes.
 */
export function compareExecutors(
  platform: Platform,
  supergraph: string,
  calls: RecordedCalls,
): ComparedGraph {
  const graph = graphAt(platform.urls.gateway);
  const asked: Asked[] = [];
  return {
    graph: {
      ask: async <Data>(
        ...[query, variables = {}, token, headers = {}]: Parameters<Graph['ask']>
      ): Promise<GraphAnswer<Data>> => {
        const sent = { 'x-request-id': newRequestId(), ...headers };
        const ours = await graph.ask<Data>(query, variables, token, sent);
        asked.push({ given: [query, variables, token, sent], ours });
        return ours;
      },
    },
    compare: async () => {
      const stock = await openStock(platform, supergraph, calls);
      const different: string[] = [];
      for (const { given, ours } of asked) {
        const theirs = await stock.graph.ask(...given);
        if (essence(ours) === essence(theirs)) continue;
        different.push(`${given[0]}\n  ours:  ${essence(ours)}\n  stock: ${essence(theirs)}`);
      }
      await stock.stop();
      if (different.length > 0) throw new Error(`the executors differ:\n${different.join('\n')}`);
    },
  };
}

async function openStock(platform: Platform, supergraph: string, calls: RecordedCalls) {
  const { identity: issuer, gateway: url } = platform.urls;
  const keys = issuerKeys(issuer, { elapsedMs: () => performance.now(), log: silentLog }).find;
  const stock = await openGateway({
    rates: 'unlimited',
    supergraph,
    reach: calls.replaying,
    readViewer: readViewer(
      verifyAccessToken({ issuer, audience: `${url}/graphql`, clock: platform.clock, keys }),
      verifyDpopProof({ url: `${url}/graphql`, clock: platform.clock }),
      () => ({ holds: true, withoutScopes: [] }),
    ),
    allowedOrigins: [],
    production: false,
    executor: 'stock',
    log: silentLog,
  });
  const server = createServer(stock.handler);
  return {
    graph: graphAt(`http://localhost:${await listen(server, 0)}`),
    stop: async () => {
      await closeServer(server);
      await stock.stop();
    },
  };
}

/** What has to be the same: status, data, and of the errors their places and codes. */
function essence({ status, data, errors = [] }: GraphAnswer<unknown>): string {
  const told = errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`);
  return JSON.stringify({ status, data, errors: told.toSorted() });
}
