import 'reflect-metadata';
import { readServiceSettings, runMain, runService } from '@7pay/graphql';
import { refundSubgraph } from './subgraph.ts';

await runMain(() => runService(readServiceSettings('refund', process.env), refundSubgraph));
