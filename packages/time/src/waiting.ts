import { setTimeout as wait } from 'node:timers/promises';

/** Waits; ends early, without an error, when the signal is aborted. Milliseconds. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, signal ? { signal } : {});
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/** Elapsed milliseconds on the monotonic clock, which no clock change can move. */
export interface Stopwatch {
  elapsed(): number;
}

/** Starts a stopwatch for deadlines and leases: never use the wall clock for those. */
export function startStopwatch(): Stopwatch {
  const start = performance.now();
  return { elapsed: () => performance.now() - start };
}
