import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { mintInternalToken, type Viewer } from '@7pay/graphql';
import type { JWK } from 'jose';
import { readFileSync } from 'node:fs';

/** What the bench hands over, in the environment variable BENCH. */
interface Setting {
  readonly port: number;
  readonly urls: Readonly<Record<string, string>>;
  readonly key: JWK;
  readonly viewer: Viewer;
}

// The plain set-up: stock gateway, stock data source, stock HTTP server. It verifies no token of the caller (which
// only makes it faster); the subgraphs want their internal tokens, made once here.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
const { port, urls, key, viewer } = JSON.parse(process.env['BENCH'] ?? '{}') as Setting;
const tokens = new Map<string, string>();
const mintAll = async () => {
  for (const subgraph of Object.keys(urls)) {
    tokens.set(subgraph, await mintInternalToken(key, { viewer, subgraph, now: new Date() }));
  }
};
await mintAll();
setInterval(() => void mintAll(), 30_000).unref();

const server = new ApolloServer({
  gateway: new ApolloGateway({
    supergraphSdl: readFileSync('gateway/supergraph.graphql', 'utf8'),
    buildService: ({ name }) =>
      new RemoteGraphQLDataSource({
        url: `${urls[name]}/graphql`,
        willSendRequest: ({ request }) => {
          request.http?.headers.set('authorization', `Bearer ${tokens.get(name)}`);
        },
      }),
  }),
});
await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } });
