/** How much a caller may spend: at once, and for how long it takes to come back. */
export interface Rate {
  /** What a full bucket holds, in cost. */
  readonly burst: number;
  /** What flows back in a second, in cost. */
  readonly perSecond: number;
}

/** What is left of a rate, and when that was so (milliseconds of a monotonic clock). */
export interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** What became of a spending: the bucket as it is now and, when it was refused, when to come back. */
export interface Spent {
  readonly bucket: Bucket;
  readonly retryAfterSeconds?: number;
}

/**
 * Takes a cost from a bucket, or refuses it and takes nothing. Every operation costs at least 1; one that costs more than a full
 * bucket takes all of it. A clock that goes back gives nothing.
 */
export function spend(
  bucket: Bucket | undefined,
  rate: Rate,
  asked: { cost: number; at: number },
): Spent {
  const { burst, perSecond } = rate;
  const cost = Math.min(Math.max(asked.cost, 1), burst);
  const at = Math.max(asked.at, bucket?.at ?? asked.at);
  const before = bucket ?? { left: burst, at };
  const left = Math.min(burst, before.left + ((at - before.at) / 1_000) * perSecond);
  if (left >= cost) return { bucket: { left: left - cost, at } };
  const retryAfterSeconds = Math.max(1, Math.ceil((cost - left) / perSecond));
  return { bucket: { left, at }, retryAfterSeconds };
}
