/** So many may work at once; others wait, first come, first served. */
export interface Places {
  /** Does the work when there is a place; undefined, and not done, when too many wait. */
  within<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
}

/** Places for `atOnce`, and room for `waiting` more to wait. */
export function placesFor({ atOnce, waiting }: { atOnce: number; waiting: number }): Places {
  let inside = 0;
  const queue: (() => void)[] = [];
  return {
    within: async (work) => {
      if (inside >= atOnce) {
        if (queue.length >= waiting) return undefined;
        await new Promise<void>((resolve) => queue.push(resolve)); // the place is handed over
      } else inside += 1;
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else inside -= 1;
      }
    },
  };
}
