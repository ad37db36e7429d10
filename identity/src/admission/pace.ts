/** Makes an answer that needed no hash take as long as one that did, so that it tells nothing. */
export interface Pace {
  /** Now, on a clock that only goes forward. */
  begin(): number;
  /** An answer that took a hash is ready. */
  took(since: number): void;
  /** Resolves no sooner than an answer with a hash might have been ready. */
  wait(since: number): Promise<void>;
}

const KEPT = 32;

/** Remembers how long the last answers took; each wait is as long as one of them, whichever. */
export function openPace({
  now = () => performance.now(),
  sleep = (ms: number) => new Promise<void>((wake) => void setTimeout(wake, ms)),
  pick = () => Math.random(),
}: {
  now?: () => number;
  sleep?: (ms: number) => Promise<void>;
  pick?: () => number;
} = {}): Pace {
  const lasts: number[] = [];
  return {
    begin: now,
    took: (since) => {
      lasts.push(now() - since);
      if (lasts.length > KEPT) lasts.shift();
    },
    wait: async (since) => {
      const like = lasts[Math.floor(pick() * lasts.length)] ?? 0;
      await sleep(Math.max(0, like - (now() - since)));
    },
  };
}
