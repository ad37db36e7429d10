import 'reflect-metadata';
import { readServiceSettings, runMain, runService } from '@7pay/graphql';
import { merchantSubgraph } from './subgraph.ts';

await runMain(() => runService(readServiceSettings('merchant', process.env), merchantSubgraph));
