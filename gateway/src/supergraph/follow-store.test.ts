import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Log, silentLog } from '@7pay/telemetry';
import { eventually } from '@7pay/testing';
import type { JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followStore } from './follow-store.ts';
import { digestOf } from './signed-supergraph.ts';
import { supergraphStore, type SupergraphStore } from './supergraph-store.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = privateKey.export({ format: 'jwk' }) as JWK;
const who = { by: 'ops', at: new Date('2019-07-01T00:00:00Z') };
const sdl = 'type Query { who: String }';
const digest = digestOf(sdl);

let folder = '';
let refuses = false;
let store: SupergraphStore;
const count = { pointers: 0, reads: 0 };
const taken: string[] = [];
const told: string[] = [];
const log: Log = {
  ...silentLog,
  error: (_event, facts) => void told.push(String(facts?.['cause'])),
};
let following: ReturnType<typeof followStore>;

beforeEach(async () => {
  Object.assign(count, { pointers: 0, reads: 0 });
  refuses = false;
  taken.length = 0;
  told.length = 0;
  folder = mkdtempSync(path.join(tmpdir(), '7pay-follow-'));
  store = supergraphStore(folder);
  await store.publish({ sdl, documents: [], parent: null, key, ...who });
});
afterEach(async () => {
  await following.stop();
  rmSync(folder, { recursive: true });
});

/** Follows the store; says how often it looked. */
function follow() {
  const counting: SupergraphStore = {
    ...store,
    pointer: () => {
      count.pointers += 1;
      return store.pointer();
    },
    read: (...asked) => {
      count.reads += 1;
      return store.read(...asked);
    },
  };
  following = followStore(
    { store: counting, publicKey: publicKey.export({ format: 'jwk' }) as JWK, log },
    {
      serving: '',
      take: async (next) => {
        if (refuses) throw new Error('it cannot serve');
        taken.push(digestOf(next.sdl));
      },
      pollMs: 5,
    },
  );
}
const point = async () =>
  store.point({ digest, seen: await store.pointer(), ...who, at: new Date() });
const late = (suffix: string) => {
  const name = readdirSync(folder).find((each) => each.endsWith(suffix)) ?? '';
  const [here, away] = [path.join(folder, name), `${folder}.${suffix}`];
  renameSync(here, away);
  return () => renameSync(away, here);
};

describe('a pointer that arrives before the files that it names', () => {
  it.each([
    ['the supergraph', 'graphql', /MISSING/],
    ['its signature', 'signature.json', /UNSIGNED/],
    ['its documents', 'documents.json', /TAMPERED/],
  ])('waits for %s, and says so once', async (_, suffix, reason) => {
    const arrives = late(suffix);
    await point();
    follow();
    await eventually(async () => count.reads > 2);
    expect([taken, told]).toEqual([[], [expect.stringMatching(reason)]]);
    arrives();
    await eventually(async () => taken.length > 0);
    expect(taken).toEqual([digest]);
  });
});

it('what can be trusted and cannot serve is not tried again until the pointer moves', async () => {
  await point();
  refuses = true;
  follow();
  await eventually(async () => count.pointers > 10);
  expect([count.reads, told]).toEqual([1, ['Error: it cannot serve']]);
  refuses = false;
  await point();
  await eventually(async () => taken.length > 0);
  expect(count.reads).toBe(2);
});
