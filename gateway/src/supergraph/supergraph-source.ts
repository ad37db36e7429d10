import { readFileSync } from 'node:fs';
import type { Log } from '@7pay/telemetry';
import type { JWK } from 'jose';
import type { GatewayConfig } from '../config.ts';
import type { GatewayDeps } from '../gateway.ts';
import { activeSupergraph, followStore } from './follow-store.ts';
import { digestOf } from './signed-supergraph.ts';
import { supergraphStore } from './supergraph-store.ts';

/**
 * Where the gateway process has its supergraph from: the file, or the store if one is set and has something active that
 * can be trusted. @throws Error if there is a store and no key to trust it by
 */
export async function supergraphSource(
  config: Pick<GatewayConfig, 'SUPERGRAPH' | 'SCHEMA_STORE' | 'SCHEMA_PUBLIC_KEY'>,
  log: Log,
): Promise<Pick<GatewayDeps, 'supergraph' | 'follow'>> {
  const { SCHEMA_STORE: folder, SCHEMA_PUBLIC_KEY: publicKey } = config;
  const file = () => readFileSync(config.SUPERGRAPH, 'utf8');
  if (folder === undefined) return { supergraph: file() };
  if (!publicKey) throw new Error('SCHEMA_STORE needs SCHEMA_PUBLIC_KEY');
  const access = { store: supergraphStore(folder), publicKey: publicKey as JWK, log };
  const supergraph = (await activeSupergraph(access))?.sdl ?? file();
  return {
    supergraph,
    follow: (take) => followStore(access, { serving: digestOf(supergraph), take }),
  };
}
