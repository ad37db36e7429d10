import { Lru } from '../executor/lru.ts';
import { type Bucket, type Rate, spend } from './bucket.ts';

/** Where the buckets of callers are. In memory they count for one process; another keeper could share them. */
export interface Buckets {
  /** Takes a cost from the bucket of that name. Seconds to wait when it was refused. */
  spend(name: string, rate: Rate, cost: number): { readonly retryAfterSeconds?: number };
}

const MOST = 50_000;

/**
 * Buckets in memory, those used last. Whoever is pushed out comes back to a full bucket: it takes as many other callers as
 * there are places, all of them busier.
 */
export function bucketsInMemory(elapsedMs: () => number, most = MOST): Buckets {
  const buckets = new Lru<string, Bucket>(most);
  return {
    spend: (name, rate, cost) => {
      const { bucket, ...answer } = spend(buckets.get(name), rate, { cost, at: elapsedMs() });
      buckets.set(name, bucket);
      return answer;
    },
  };
}
