import { existsSync, readFileSync } from 'node:fs';
import { fixedControls } from '@7pay/controls';
import type { ServiceDeps, Subgraph } from '@7pay/graphql';
import { identitySchemaOnly } from '@7pay/identity';
import { seededIds } from '@7pay/ids';
import { sealKeyOf } from '@7pay/ledger';
import { merchantSubgraph } from '@7pay/merchant';
import { operationsSubgraph } from '@7pay/operations';
import { pointsSubgraph } from '@7pay/points';
import { refundSubgraph } from '@7pay/refund';
import { silentLog } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import { walletSubgraph } from '@7pay/wallet';
import mongoose from 'mongoose';
import { CONTRACTS, contractOf } from './schema/contract.ts';
import { OPERATIONS_FILE, operationsManifest } from './operations-manifest.ts';
import { freshSecrets } from './secrets.ts';
import { composeSupergraph, subgraphSchemas } from './supergraph.ts';

/** The file that the supergraph is checked in as. */
export const SUPERGRAPH = 'gateway/supergraph.graphql';
const fileOf = (name: string): string =>
  name === 'identity' ? 'identity/schema.graphql' : `subgraphs/${name}/schema.graphql`;

/** Every subgraph, on a connection that is never opened: enough for their schemas. */
export function schemaOnlySubgraphs(): Subgraph[] {
  const deps: ServiceDeps = {
    connection: mongoose.createConnection(),
    controls: fixedControls(),
    outbox: { append: async () => {} },
    clock: fixedClock('2019-07-01T00:00:00Z'),
    ids: seededIds(1),
    log: silentLog,
  };
  const party = { url: 'http://localhost', secret: '' };
  const parties = {
    registerNetwork: party,
    atmNetwork: party,
    acquirer: party,
    cardReturnUrl: party.url,
    partyDoor: () => {},
  };
  const secrets = freshSecrets();
  const sealKey = sealKeyOf(secrets.sealKey);
  const deviceSecret = secrets.paymentDevices;
  return [
    identitySchemaOnly(deps),
    walletSubgraph({ ...deps, ...parties, sealKey, deviceSecret }),
    merchantSubgraph(deps),
    pointsSubgraph(deps),
    refundSubgraph(deps),
    operationsSubgraph(deps),
  ];
}

const contractFile = (name: string): string => `docs/schema/${name}.graphql`;

/** The schema of each subgraph, the supergraph, the contracts and the registered operations, by the file they are checked in as. */
export function generateSchemas(): Map<string, string> {
  const schemas = subgraphSchemas(schemaOnlySubgraphs());
  const files = new Map([...schemas].map(([name, sdl]) => [fileOf(name), sdl]));
  const supergraph = `${composeSupergraph(schemas).trimEnd()}\n`;
  for (const [name, without] of Object.entries(CONTRACTS)) {
    files.set(contractFile(name), contractOf(supergraph, without));
  }
  files.set(SUPERGRAPH, supergraph);
  return files.set(OPERATIONS_FILE, operationsManifest());
}

/** The same files as they stand in the tree. */
export const checkedInSchemas = (): Map<string, string> =>
  new Map(
    [
      ...['identity', 'wallet', 'merchant', 'points', 'refund', 'operations'].map(fileOf),
      ...Object.keys(CONTRACTS).map(contractFile),
      SUPERGRAPH,
      OPERATIONS_FILE,
    ]
      .filter((file) => existsSync(file))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );
