import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Log, silentLog } from '@7pay/telemetry';
import { eventually } from '@7pay/testing';
import type { JWK } from 'jose';
import type { ExecutorName } from '../../config.ts';
import { ANYBODY } from '../../executor/testing/driver.ts';
import { openGateway } from '../../gateway.ts';
import type { Reach } from '../../reach/reach.ts';
import { serve } from '../../testing/raw-request.ts';
import { followStore } from '../follow-store.ts';
import type { RegisteredDocument } from '../registered-document.ts';
import { digestOf } from '../signed-supergraph.ts';
import { supergraphStore } from '../supergraph-store.ts';

const at = new Date('2019-07-01T00:00:00Z');
const by = 'test';

/** A gateway behind HTTP that follows a store of its own. */
export async function followedGateway(options: {
  readonly first: string;
  readonly documents: readonly RegisteredDocument[];
  readonly reach: Reach['call'];
  readonly executor: ExecutorName;
}) {
  const folder = mkdtempSync(path.join(tmpdir(), '7pay-followed-'));
  const store = supergraphStore(folder);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ format: 'jwk' }) as JWK;
  const refusals: unknown[] = [];
  const log: Log = { ...silentLog, error: (_event, facts) => void refusals.push(facts?.['cause']) };
  const access = { store, publicKey: publicKey.export({ format: 'jwk' }) as JWK, log };
  const gateway = await openGateway({
    supergraph: options.first,
    follow: (take) => followStore(access, { serving: digestOf(options.first), take, pollMs: 200 }),
    reach: { call: options.reach, close: async () => {} },
    readViewer: async () => ANYBODY,
    allowedOrigins: [],
    production: false,
    executor: options.executor,
    log,
  });
  const server = await serve(gateway.handler);
  const point = async (sdl: string) =>
    store.point({ digest: digestOf(sdl), seen: await store.pointer(), by, at: new Date() });
  return {
    folder,
    store,
    refusals,
    supergraphId: () => gateway.supergraphId,
    publish: async (sdl: string, documents = options.documents, signedBy: JWK = key) => {
      const parent = (await store.log()).at(-1)?.publication.digest ?? null;
      await store.publish({ sdl, documents, by, at, parent, key: signedBy });
    },
    point,
    /** Moves the pointer and waits until the gateway says that it serves. */
    switchTo: async (sdl: string) => {
      await point(sdl);
      await eventually(async () => gateway.supergraphId === digestOf(sdl).slice(0, 12));
    },
    ask: async (query: string): Promise<unknown> => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return response.json();
    },
    stop: async () => {
      await server.stop();
      await gateway.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
