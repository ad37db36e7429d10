import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { closeServer, listen, runMain, runService } from '@7pay/graphql';
import { readIdentityConfig } from './config.ts';
import type { Identity } from './identity.ts';
import { openIdentity } from './open-identity.ts';

await runMain(async () => {
  const { service, pagesPort, tls, settings } = readIdentityConfig(process.env);
  const opened = Promise.withResolvers<Identity>();
  const subgraph = await runService(service, async (deps) => {
    const identity = await openIdentity({ ...deps, settings });
    opened.resolve(identity);
    return identity.subgraph;
  });
  const identity = await opened.promise;
  const pages = tls
    ? createTlsServer(
        { cert: await readFile(tls.cert), key: await readFile(tls.key) },
        identity.handler,
      )
    : createServer(identity.handler);
  await listen(pages, pagesPort, 'IDENTITY_PORT');
  return {
    stop: async () => {
      await closeServer(pages);
      await subgraph.stop();
      await identity.stop();
    },
  };
});
