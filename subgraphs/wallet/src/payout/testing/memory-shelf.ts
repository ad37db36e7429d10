import type { FileShelf } from '../write-payout-files.ts';

/** A shelf in memory; what lies on it can be lost. */
export function memoryShelf(): FileShelf & { lose(name: string): void } {
  const files = new Map<string, Uint8Array>();
  return {
    read: async (name) => files.get(name) ?? null,
    put: async (name, bytes) => void files.set(name, bytes),
    lose: (name) => void files.delete(name),
  };
}
