import type { ProofKeyRow } from '../session/proof-key.ts';

/** A place for the key of a browser that forgets it with the test. */
export function memoryKeys(): ProofKeyRow {
  let kept: CryptoKeyPair | null = null;
  return {
    read: async () => kept,
    add: async (pair) => (kept ??= pair),
  };
}
