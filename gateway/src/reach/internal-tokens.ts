import { type InternalKey, mintInternalToken, type Viewer } from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import { Lru } from '../executor/lru.ts';

const KEPT = 20_000;
const KEPT_MS = 30_000; // of a life of 60 seconds: a token that is sent has at least half of it left

/** Internal tokens for the subgraphs: one per viewer and subgraph, signed once and kept for half its life. */
export function internalTokens(
  key: InternalKey,
  clock: Clock,
): (viewer: Viewer, subgraph: string) => Promise<string> {
  const kept = new Lru<string, { token: Promise<string>; until: number }>(KEPT);
  return (viewer, subgraph) => {
    // The request's id is no part of who asks; it travels in a header of its own.
    const who: Viewer = { ...viewer, requestId: '' };
    // All that is signed is part of the name: a viewer who differs in anything has another token.
    const name = JSON.stringify([subgraph, who]);
    const now = clock.now();
    const known = kept.get(name);
    if (known && known.until > now.getTime()) return known.token;
    const token = mintInternalToken(key, { viewer: who, subgraph, now });
    kept.set(name, { token, until: now.getTime() + KEPT_MS });
    return token;
  };
}
