// Hive Gateway with the native planner, before the same subgraphs. It verifies no token of the caller and limits
// nothing; the subgraphs want their internal tokens, made once by the bench.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

/** What the bench hands over, in the environment variable BENCH. */
const { port, urls, tokens } = JSON.parse(process.env['BENCH'] ?? '{}');
const supergraph = readFileSync('gateway/supergraph.graphql', 'utf8').replaceAll(
  /@join__graph\(name: "(\w+)", url: "[^"]*"\)/g,
  (_text, name) => `@join__graph(name: "${name}", url: "${urls[name]}/graphql")`,
);
const gateway = createGatewayRuntime({
  supergraph,
  unifiedGraphHandler,
  logging: false,
  propagateHeaders: {
    fromClientToSubgraphs: ({ subgraphName }) => ({
      authorization: `Bearer ${tokens[subgraphName]}`,
    }),
  },
  maskedErrors: true,
});
createServer(gateway).listen(port, '127.0.0.1');
