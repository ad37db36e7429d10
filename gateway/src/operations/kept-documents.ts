import type { DocumentNode } from 'graphql';
import { Lru } from '../executor/lru.ts';

/** How many documents that were read and validated are kept: as many as operations that were planned. */
const KEPT_DOCUMENTS = 2_000;

/**
 * Where the server keeps what it has read, by digest. Its own store weighs documents by their JSON, which says little of
 * the memory that they take.
 */
export function keptDocuments() {
  const kept = new Lru<string, DocumentNode>(KEPT_DOCUMENTS);
  return {
    get: async (digest: string) => kept.get(digest),
    set: async (digest: string, document: DocumentNode) => kept.set(digest, document),
    delete: async () => false, // the server never does
  };
}
