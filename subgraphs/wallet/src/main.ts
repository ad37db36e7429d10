import 'reflect-metadata';
import { runMain, runService } from '@7pay/graphql';
import { readWalletConfig } from './config.ts';
import { openPartyDoor } from './party-door.ts';
import { walletSubgraph } from './subgraph.ts';

await runMain(async () => {
  const { service, doorPort, ...settings } = readWalletConfig(process.env);
  const door = await openPartyDoor(doorPort);
  const running = await runService(service, (deps) =>
    walletSubgraph({ ...deps, ...settings, partyDoor: door.mount }),
  );
  return {
    stop: async () => {
      await door.close();
      await running.stop();
    },
  };
});
