import 'reflect-metadata';
import { runMain, runService } from '@7pay/graphql';
import { readWalletConfig } from './config.ts';
import { walletSubgraph } from './subgraph.ts';

await runMain(() => {
  const { service, ...settings } = readWalletConfig(process.env);
  return runService(service, (deps) => walletSubgraph({ ...deps, ...settings }));
});
