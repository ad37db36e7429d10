import type { Worker } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { type Clock, sleep } from '@7pay/time';

const PAUSE_MS = 2_000;
const AT_ONCE = 100;

/** Puts raises in force whose time has come, a few at a time. */
export function raiseLimitsWorker(options: {
  readonly due: (at: Date, limit: number) => Promise<string[]>;
  readonly raise: (walletId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}): Worker {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  return {
    start: () => {
      running ??= run(options, stopping.signal);
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function run(
  { due, raise, clock, log }: Parameters<typeof raiseLimitsWorker>[0],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const walletId of await due(clock.now(), AT_ONCE)) {
        if (signal.aborted) return;
        await raise(walletId);
      }
    } catch (cause) {
      log.warn('limits.raise_failed', { cause });
    }
    await sleep(PAUSE_MS, signal);
  }
}
