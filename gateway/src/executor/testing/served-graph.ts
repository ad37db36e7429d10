import { generateKeyPairSync } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { InternalKey, Subgraph } from '@7pay/graphql';
import { systemClock } from '@7pay/time';
import { httpReach } from '../../reach/http-reach.ts';
import type { Reach } from '../../reach/reach.ts';
import { serve } from '../../testing/raw-request.ts';
import { ANYBODY } from './driver.ts';

/** Serves subgraphs over HTTP, each on a port of its own, and reaches them there. Tokens are sent and not read. */
export async function serveGraph(subgraphs: readonly Subgraph[]): Promise<Reach> {
  const servers = await Promise.all(
    subgraphs.map(async (subgraph) => ({
      name: subgraph.name,
      ...(await serve((request, response) => {
        void text(request)
          .then((body) => subgraph.execute(JSON.parse(body), ANYBODY))
          .then((answer) => {
            response.setHeader('content-type', 'application/json');
            response.end(JSON.stringify(answer));
          });
      })),
    })),
  );
  const reach = httpReach({
    urls: Object.fromEntries(servers.map(({ name, url }) => [name, url])),
    key: generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as InternalKey,
    clock: systemClock,
  });
  return {
    call: (call) => reach.call(call),
    close: async () => {
      await reach.close();
      await Promise.all(servers.map(({ stop }) => stop()));
    },
  };
}
