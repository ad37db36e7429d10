import type { JWK } from 'jose';
import type { NextSupergraph } from '../executor/own-gateway.ts';
import { plannersInThread } from '../executor/planners-in-thread.ts';
import type { RegisteredDocument } from './registered-document.ts';
import type { Pointer, SupergraphStore } from './supergraph-store.ts';
import { trySupergraph } from './try-supergraph.ts';

interface Activation {
  readonly publicKey: JWK;
  readonly by: string;
  readonly at: Date;
}

/** There is no supergraph to go back to. */
export class NothingBefore extends Error {
  override readonly name = 'NothingBefore';
}

/**
 * Lets a published supergraph serve: its signature holds, and every document that it was checked with, and every
 * other that is given, can be answered.
 * @throws UntrustedSupergraph, UnanswerableDocument; ActivationConflict when somebody else moved the pointer meanwhile
 */
export async function activateSupergraph(
  store: SupergraphStore,
  digest: string,
  options: Activation & { readonly documents: readonly RegisteredDocument[] },
): Promise<Pointer> {
  const { publicKey, by, at } = options;
  const seen = await store.pointer();
  const { sdl, documents } = await store.read(digest, publicKey);
  await tryOnce({ sdl, documents: [...documents, ...options.documents] });
  return store.point({ digest, seen, by, at });
}

/**
 * Lets the supergraph before serve again, if it can answer what it was published with. It is for the moment when something is
 * wrong with the one that serves: a page that is newer than both does not keep it from coming back.
 * @throws NothingBefore, UntrustedSupergraph, UnanswerableDocument; ActivationConflict when somebody else moved the pointer meanwhile
 */
export async function rollBackSupergraph(
  store: SupergraphStore,
  { publicKey, by, at }: Activation,
): Promise<Pointer> {
  const seen = await store.pointer();
  const [digest] = seen?.earlier ?? [];
  if (digest === undefined) throw new NothingBefore('no supergraph was active before');
  await tryOnce(await store.read(digest, publicKey));
  return store.pointBack({ digest, seen, by, at });
}

async function tryOnce(candidate: NextSupergraph): Promise<void> {
  const threads = plannersInThread();
  try {
    await trySupergraph(threads, candidate);
  } finally {
    await threads.close();
  }
}
