import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { httpReach, openGateway, type Reach } from '@7pay/gateway';
import {
  closeServer,
  type InternalKey,
  listen,
  mintInternalToken,
  type Viewer,
} from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import type { FloorCall } from './floor-gateway.ts';

/** The calls that our executor makes for a query, wave by wave: what goes out before anything comes back is one. */
export async function wavesOf(
  query: string,
  options: { urls: Readonly<Record<string, string>>; key: InternalKey; viewer: Viewer },
): Promise<readonly (readonly FloorCall[])[]> {
  const { urls, key, viewer } = options;
  const waves: FloorCall[][] = [];
  let pending = 0;
  const reach = httpReach({ urls, key, clock: systemClock });
  const watching: Reach = {
    call: async (call) => {
      if (pending === 0) waves.push([]);
      pending += 1;
      const { subgraph } = call;
      const token = await mintInternalToken(key, { viewer, subgraph, now: new Date() });
      const body = call.body?.() ?? JSON.stringify(call.request);
      waves.at(-1)?.push({ url: urls[subgraph] ?? '', token, body });
      try {
        return await reach.call(call);
      } finally {
        pending -= 1;
      }
    },
    close: () => reach.close(),
  };
  const gateway = await openGateway({
    rates: 'unlimited',
    supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
    reach: watching,
    readViewer: async () => viewer,
    allowedOrigins: [],
    production: false,
    log: silentLog,
  });
  const server = createServer(gateway.handler);
  const port = await listen(server, 0);
  await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  }).then((response) => response.text());
  await closeServer(server);
  await gateway.stop();
  return waves;
}
