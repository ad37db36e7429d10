import { type InternalKey, mintInternalToken, type Viewer } from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import { Lru } from '../executor/lru.ts';
import { originOf } from '../viewer-of-request.ts';

const KEPT = 20_000;
const KEPT_MS = 30_000; // of a life of 60 seconds: a token that is sent has at least half of it left

interface Kept {
  token: string | Promise<string>;
  readonly until: number;
}

/**
 * Internal tokens for the subgraphs: one per viewer and subgraph, signed once and kept for half its life. One that is there
 * is given at once.
 */
export function internalTokens(
  key: InternalKey,
  clock: Clock,
): (viewer: Viewer, subgraph: string) => string | Promise<string> {
  const kept = new Lru<string, Kept>(KEPT);
  // The names of what a viewer was made of, by subgraph: a text that was used as a key before is found faster.
  const names = new WeakMap<Viewer, Map<string, string>>();
  // All that is signed is part of the name: a viewer who differs in anything has another token.
  const nameOf = (viewer: Viewer, subgraph: string): string => {
    const origin = originOf(viewer);
    const ofViewer = names.get(origin) ?? new Map<string, string>();
    names.set(origin, ofViewer);
    const known = ofViewer.get(subgraph);
    if (known !== undefined) return known;
    const name = `${subgraph} ${JSON.stringify(withoutRequest(viewer))}`;
    ofViewer.set(subgraph, name);
    return name;
  };
  return (viewer, subgraph) => {
    const name = nameOf(viewer, subgraph);
    const now = clock.now();
    const known = kept.get(name);
    if (known && known.until > now.getTime()) return known.token;
    const minted = mintInternalToken(key, { viewer: withoutRequest(viewer), subgraph, now });
    const entry: Kept = {
      token: minted.then((token) => (entry.token = token)),
      until: now.getTime() + KEPT_MS,
    };
    kept.set(name, entry);
    return entry.token;
  };
}

// The request's id is no part of who asks; it travels in a header of its own.
const withoutRequest = (viewer: Viewer): Viewer => ({ ...viewer, requestId: '' });
