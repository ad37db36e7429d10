import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { type DynamicWorld, dynamicCases } from './dynamic-cases.ts';
import { PERSON, type Suite } from './suite.ts';

const served = new Map<string, unknown>();
let later = 0;
const realNow = Date.now.bind(Date);
let running: RunningIdentity;

async function signingKey(alg: 'ES256' | 'RS256') {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `dynamic-${alg}`, alg, use: 'sig' } as never;
}

beforeAll(async () => {
  running = await runIdentity({
    clock: { now: () => new Date(Date.now()) },
    settings: {
      jwks: { keys: [await signingKey('ES256'), await signingKey('RS256')] },
      keyStore: { kind: 'database', secret: 'key-secret-for-tests-0123456789-abcdef' },
      registration: { mode: 'open' },
      outgoingHosts: ['rp.example'],
    },
  });
  await running.identity.registerMember(PERSON);
  // The library takes https alone for lists of clients; nobody here has a certificate.
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', async (url: string | URL, init?: RequestInit) => {
    const { host, pathname } = new URL(url);
    return host === 'rp.example' ? Response.json(served.get(pathname)) : real(url, init);
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await running.stop();
});

describe('oidcc-dynamic-certification-test-plan', () => {
  const world: DynamicWorld = {
    get running() {
      return running;
    },
    serve: (path, body) => void served.set(path, body),
    wait: async (seconds) => {
      later += seconds;
      vi.spyOn(Date, 'now').mockImplementation(() => realNow() + later * 1_000);
    },
  };
  it.each(Object.entries(dynamicCases(world)))('%s', async (_module, play) => {
    await play({ running } as Suite);
  });
});
