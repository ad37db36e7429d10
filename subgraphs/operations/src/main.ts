import 'reflect-metadata';
import { readServiceSettings, runMain, runService } from '@7pay/graphql';
import { operationsSubgraph } from './subgraph.ts';

await runMain(() => runService(readServiceSettings('operations', process.env), operationsSubgraph));
