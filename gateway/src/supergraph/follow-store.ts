import { type FSWatcher, watch } from 'node:fs';
import type { Log } from '@7pay/telemetry';
import type { JWK } from 'jose';
import { UntrustedSupergraph } from './signed-supergraph.ts';
import type { StoredSupergraph, SupergraphStore } from './supergraph-store.ts';

export interface StoreAccess {
  readonly store: SupergraphStore;
  /** Public JWK (Ed25519) of the publisher. */
  readonly publicKey: JWK;
  readonly log: Log;
}

/** Takes a supergraph that was verified. @throws why it cannot serve */
export type TakeSupergraph = (next: StoredSupergraph) => Promise<void>;

const POLL_MS = 2_000;
const QUIET_MS = 50;

/** What the pointer names, if it can be trusted. What cannot is logged. */
export async function activeSupergraph({
  store,
  publicKey,
  log,
}: StoreAccess): Promise<StoredSupergraph | undefined> {
  const digest = (await store.pointer())?.digest;
  if (digest === undefined) return undefined;
  try {
    return await store.read(digest, publicKey);
  } catch (cause) {
    log.error('supergraph.refused', { version: digest.slice(0, 12), cause });
    return undefined;
  }
}

/**
 * Follows the pointer of a store: told by the file system, and looked at every two seconds where that says nothing.
 * One supergraph is taken at a time, the latest. What cannot serve is not tried again until the pointer moves; what cannot be trusted
 * is looked at again, and told once for each reason: on a volume that is copied the files of a supergraph come behind its pointer.
 */
export function followStore(
  { store, publicKey, log }: StoreAccess,
  { serving, take, pollMs = POLL_MS }: { serving: string; take: TakeSupergraph; pollMs?: number },
): { stop(): Promise<void> } {
  let current = serving;
  let refused = '';
  let told = '';
  let looking: Promise<void> | undefined;
  let isStale = false;
  let quiet: NodeJS.Timeout | undefined;
  let isStopped = false;

  const lookOnce = async () => {
    const pointer = await store.pointer();
    if (!pointer || pointer.digest === current) return;
    const { digest } = pointer;
    const name = `${digest} ${pointer.activatedAt}`;
    const facts = { version: String(digest).slice(0, 12) };
    try {
      if (name === refused) return;
      await take(await store.read(digest, publicKey));
      current = digest;
      log.info('supergraph.activated', facts);
    } catch (cause) {
      if (isStopped) return;
      const isUntrusted = cause instanceof UntrustedSupergraph;
      const reason = `${name} ${isUntrusted ? cause.reason : 'refused'}`;
      if (!isUntrusted) refused = name;
      if (reason !== told) log.error('supergraph.refused', { ...facts, cause });
      told = reason;
    }
  };
  const look = () => {
    if (isStopped) return;
    isStale = true;
    looking ??= (async () => {
      while (isStale && !isStopped) {
        isStale = false;
        await lookOnce().catch((cause: unknown) => log.error('supergraph.unread', { cause }));
      }
      looking = undefined;
    })();
  };
  const lookSoon = () => {
    clearTimeout(quiet);
    quiet = setTimeout(look, QUIET_MS);
  };

  const poll = setInterval(look, pollMs);
  const watcher = watched(store.folder, lookSoon);
  look();
  return {
    stop: async () => {
      isStopped = true;
      clearInterval(poll);
      clearTimeout(quiet);
      watcher?.close();
      await looking;
    },
  };
}

// Not every file system tells; then the poll does.
function watched(folder: string, tell: () => void): FSWatcher | undefined {
  try {
    return watch(folder, tell).on('error', () => {});
  } catch {
    return undefined;
  }
}
