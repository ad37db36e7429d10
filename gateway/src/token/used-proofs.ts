const OF_ALL_KEYS = 250_000; // 3,800 requests a second: more than one process answers
const OF_ONE_KEY = 2_000;

/** Remembers used proofs until they are too old to hold anyway. */
export interface UsedProofs {
  /** Uses a proof up; false if it was used before, or if there is no room to remember it: then it must not hold. */
  take(thumbprint: string, jti: string, now: Date): boolean;
}

/** No key can take the room of the others: each has a share that no person reaches. */
export function usedProofs(keptMs: number): UsedProofs {
  // In the order in which they were used, which is the order in which they are forgotten.
  const used = new Map<string, { thumbprint: string; until: number }>();
  const ofKey = new Map<string, number>();
  const forget = (name: string, thumbprint: string) => {
    used.delete(name);
    const left = (ofKey.get(thumbprint) ?? 1) - 1;
    if (left === 0) ofKey.delete(thumbprint);
    else ofKey.set(thumbprint, left);
  };
  return {
    take: (thumbprint, jti, now) => {
      const time = now.getTime();
      for (const [name, { thumbprint: owner, until }] of used) {
        if (until > time) break;
        forget(name, owner);
      }
      const name = `${thumbprint} ${jti}`;
      const mine = ofKey.get(thumbprint) ?? 0;
      if (used.has(name) || used.size >= OF_ALL_KEYS || mine >= OF_ONE_KEY) return false;
      used.set(name, { thumbprint, until: time + keptMs });
      ofKey.set(thumbprint, mine + 1);
      return true;
    },
  };
}
