import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { inProcessReach, type Reach } from '@7pay/gateway';
import type { Subgraph } from '@7pay/graphql';
import { openPlatform, type Secrets } from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';
import { parse, validate } from 'graphql';

/** What the bench hands over, in the environment variable BENCH. */
interface Setting {
  readonly mongodbUri: string;
  readonly secrets: Secrets;
  readonly ports: { readonly gateway: number; readonly identity: number; readonly sandbox: number };
  /** `parsing`: Apollo's executor, and each call parsed and validated anew, as its LocalGraphQLDataSource does. */
  readonly executor: 'own' | 'parsing';
}

// Everything in one process, as in `npm start`.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
const { mongodbUri, secrets, ports, executor } = JSON.parse(
  process.env['BENCH'] ?? '{}',
) as Setting;
await openPlatform({
  rates: 'unlimited',
  mongodbUri,
  secrets,
  ports,
  supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
  root: process.cwd(),
  executor: executor === 'own' ? 'own' : 'stock',
  reachWith: executor === 'own' ? inProcessReach : parsingReach,
  log: silentLog,
});

function parsingReach(subgraphs: readonly Subgraph[]): Reach {
  const schemas = new Map(subgraphs.map(({ name, schema }) => [name, schema]));
  const reach = inProcessReach(subgraphs);
  return {
    call: (call) => {
      const schema = schemas.get(call.subgraph);
      if (schema) validate(schema, parse(call.request.query));
      return reach.call(call);
    },
    close: () => reach.close(),
  };
}
