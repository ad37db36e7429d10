import type { Deadline } from './deadline.ts';

/** How many may be inside at once, and how many may wait. */
export interface BulkheadRules {
  readonly inFlight: number;
  readonly queue: number;
}

/** A door that lets so many in at once. */
export interface Bulkhead {
  /** Takes a place if there is one. Returns how to leave. */
  enterNow(): (() => void) | undefined;
  /** Waits for a place, first come, first served. Returns how to leave. @throws Error when too many wait, or in time */
  enter(deadline: Pick<Deadline, 'onEnding'>): Promise<() => void>;
}

/** Keeps one slow subgraph from holding everything that the gateway has. */
export function bulkhead({ inFlight, queue }: BulkheadRules): Bulkhead {
  let inside = 0;
  const waiting = new Set<() => void>();
  // The place goes to the next one directly: nobody can come in between.
  const leave = () => {
    const [next] = waiting;
    if (next) next();
    else inside -= 1;
  };
  const once = (run: () => void) => {
    let isDone = false;
    return () => {
      if (!isDone) run();
      isDone = true;
    };
  };
  const enterNow = () => {
    if (inside >= inFlight) return undefined;
    inside += 1;
    return once(leave);
  };
  return {
    enterNow,
    enter: (deadline) => {
      const entered = enterNow();
      if (entered) return Promise.resolve(entered);
      if (waiting.size >= queue) return Promise.reject(new Error('too many calls wait'));
      return new Promise((resolve, reject) => {
        const enter = () => {
          waiting.delete(enter);
          forget();
          resolve(once(leave));
        };
        waiting.add(enter);
        const forget = deadline.onEnding((why) => {
          if (waiting.delete(enter)) reject(new Error(`no place in time: ${why}`));
        });
      });
    },
  };
}
