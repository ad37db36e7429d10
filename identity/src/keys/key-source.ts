import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@7pay/time';
import { exportJWK, generateKeyPair } from 'jose';
import type { Connection } from 'mongoose';
import { type IdentitySettings, signingKey, type SigningKey } from '../settings.ts';
import {
  isLasting,
  isOlder,
  type KeyState,
  keyStates,
  OVERLAP_SECONDS,
  PUBLISHED_FIRST_SECONDS,
  ringAt,
} from './signing-key.ts';
import { openSigningKeyStore, type SigningKeyStore } from './signing-key.store.ts';

const KEYS_MAX = 20;

/** A key as people see it. */
export interface ListedKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly state: KeyState;
  /** Null where keys are not kept with their life. */
  readonly signsFrom: Date | null;
  readonly publishedUntil: Date | null;
}

/** Where the keys of this moment come from. */
export interface KeySource {
  /** The ring now: the first signs. */
  read(): Promise<SigningKey[]>;
  /** Every key that is kept, with its life and without its secret part; the one that signs first. */
  list(): Promise<ListedKey[]>;
  /** A new key: published at once, signing after ten minutes; the old one verifies for a day more. */
  rotate?(): Promise<{ kid: string; signsFrom: Date }>;
  /**
   * Throws a key away at once, with everything that it signed; a new one signs in its place. Another key signs on, and gets a
   * successor if the one that is gone was to be it. @returns the key that signs now
   */
  compromised?(kid: string): Promise<{ kid: string } | 'UNKNOWN_KEY'>;
}

/**
 * Opens the source that the settings name; without one it is the settings themselves.
 * @throws Error when the keys in the database were sealed by another secret; nothing is written then
 */
export async function openKeySource(
  connection: Connection,
  { keyStore, jwks }: Pick<IdentitySettings, 'keyStore' | 'jwks'>,
  clock: Clock,
): Promise<KeySource> {
  if (!keyStore) return { read: async () => jwks.keys, list: async () => asRing(jwks.keys) };
  if (keyStore.kind === 'folder') {
    const { path } = keyStore;
    return { read: () => readFolder(path), list: async () => asRing(await readFolder(path)) };
  }
  const store = openSigningKeyStore(connection, keyStore.secret);
  await store.all(); // a start with a wrong secret leaves nothing behind that the right one cannot open
  // The keys of the settings are the first ones; tokens that they signed go on holding.
  const start = new Date(0);
  for (const [index, key] of jwks.keys.entries()) {
    const signsFrom = new Date(start.getTime() - index);
    await store.add({ key, signsFrom, publishedUntil: null, compromised: false });
  }
  return {
    read: async () => ringAt(await store.all(), clock.now()),
    list: async () => keyStates(await store.all(), clock.now()),
    rotate: () => rotate(store, clock),
    compromised: async (kid) => {
      const [signed] = ringAt(await store.all(), clock.now());
      if (!(await store.markCompromised(kid))) return 'UNKNOWN_KEY';
      const goesOn = signed && signed.kid !== kid ? signed : undefined;
      // Thrown away before it signed, the new key leaves one behind that it had already given an end.
      if (goesOn && (await store.all()).some(isLasting)) return { kid: goesOn.kid };
      // Not an older key that was to sign no more: a new one, at once where none signs.
      const key = await newKey();
      const signsFrom = goesOn ? publishedFirst(clock) : clock.now();
      await store.add({ key, signsFrom, publishedUntil: null, compromised: false });
      return { kid: goesOn?.kid ?? key.kid };
    },
  };
}

const asRing = (keys: readonly SigningKey[]): ListedKey[] =>
  keys.map(({ kid, alg: algorithm }, index) => ({
    kid,
    algorithm,
    state: index === 0 ? 'SIGNING' : 'PUBLISHED',
    signsFrom: null,
    publishedUntil: null,
  }));

const publishedFirst = (clock: Clock): Date =>
  new Date(clock.now().getTime() + PUBLISHED_FIRST_SECONDS * 1_000);

async function rotate(store: SigningKeyStore, clock: Clock) {
  const key = await newKey();
  const signsFrom = publishedFirst(clock);
  const until = new Date(signsFrom.getTime() + OVERLAP_SECONDS * 1_000);
  // First the new one, then the end of the old ones: whatever happens in between, there is a key.
  await store.add({ key, signsFrom, publishedUntil: null, compromised: false });
  // Of two that are added at once the newer one stays, whoever looks first.
  for (const old of await store.all()) {
    const givesWay = old.key.kty === 'EC' && isOlder(old, { key, signsFrom });
    if (givesWay) await store.retire(old.key.kid, until);
  }
  return { kid: key.kid, signsFrom };
}

async function newKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = `7id-${crypto.randomUUID()}`;
  return signingKey.parse({ ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' });
}

// One private JWK per file, `<name>.json`; the last name signs. Taking a file away throws its key away.
async function readFolder(path: string): Promise<SigningKey[]> {
  const names = (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
  const newest = names.reverse().slice(0, KEYS_MAX);
  const keys = await Promise.all(
    newest.map(async (name) =>
      signingKey.parse(JSON.parse(await readFile(join(path, name), 'utf8'))),
    ),
  );
  const signing = keys.findIndex(({ kty }) => kty === 'EC');
  if (signing === -1) throw new Error(`no key on P-256 in ${path}`);
  return [keys[signing] as SigningKey, ...keys.filter((_, index) => index !== signing)];
}
