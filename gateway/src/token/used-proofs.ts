const OF_ALL = 250_000; // 3,800 requests a second: more than one process answers
const OF_ONE_HOLDER = 4_000; // two busy devices
const OF_ONE_KEY = 2_000;

/** A proof that holds but for having been used before. */
export interface ShownProof {
  /** Of the key: the caller makes it, and as many as they like. */
  readonly thumbprint: string;
  /** Who holds the token and by which app: 7iD says so, and nobody chooses it. */
  readonly holder: string;
  readonly jti: string;
}

/** Remembers used proofs until they are too old to hold anyway. */
export interface UsedProofs {
  /** Uses a proof up; false if it was used before, or if there is no room to remember it: then it must not hold. */
  take(proof: ShownProof, now: Date): boolean;
}

/** No key and no holder can take the room of the others: each has a share that no person reaches. */
export function usedProofs(keptMs: number): UsedProofs {
  // In the order in which they were used, which is the order in which they are forgotten.
  const used = new Map<string, { thumbprint: string; holder: string; until: number }>();
  const ofKey = shares(OF_ONE_KEY);
  const ofHolder = shares(OF_ONE_HOLDER);
  return {
    take: ({ thumbprint, holder, jti }, now) => {
      const time = now.getTime();
      for (const [name, old] of used) {
        if (old.until > time) break;
        used.delete(name);
        ofKey.giveBack(old.thumbprint);
        ofHolder.giveBack(old.holder);
      }
      const name = `${thumbprint} ${jti}`;
      if (used.has(name) || !ofKey.hasRoom(thumbprint) || !ofHolder.hasRoom(holder)) return false;
      if (used.size >= OF_ALL) return false;
      used.set(name, { thumbprint, holder, until: time + keptMs });
      ofKey.take(thumbprint);
      ofHolder.take(holder);
      return true;
    },
  };
}

/** How much each of them has taken; who has nothing takes no room here. */
function shares(most: number) {
  const taken = new Map<string, number>();
  const of = (name: string) => taken.get(name) ?? 0;
  return {
    hasRoom: (name: string) => of(name) < most,
    take: (name: string) => void taken.set(name, of(name) + 1),
    giveBack: (name: string) => {
      if (of(name) > 1) taken.set(name, of(name) - 1);
      else taken.delete(name);
    },
  };
}
