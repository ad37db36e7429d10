import 'reflect-metadata';
import { readServiceSettings, runMain, runService } from '@7pay/graphql';
import { pointsSubgraph } from './subgraph.ts';

await runMain(() => runService(readServiceSettings('points', process.env), pointsSubgraph));
