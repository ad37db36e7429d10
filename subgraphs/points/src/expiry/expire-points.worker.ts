import type { Worker } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { sleep } from '@7pay/time';

const EVERY_MS = 10 * 60_000;

/** Looks every ten minutes whether points have expired: from 1 April, 0:00 in Tokyo, those of a fiscal year have. */
export function expirePointsWorker(deps: { expire: () => Promise<number>; log: Log }): Worker {
  const stopping = new AbortController();
  let running = Promise.resolve();
  return {
    start: () => {
      running = (async () => {
        while (!stopping.signal.aborted) {
          try {
            const accounts = await deps.expire();
            if (accounts > 0) deps.log.info('points.expired', { accounts });
          } catch (cause) {
            deps.log.warn('points.expiry_failed', { cause });
          }
          await sleep(EVERY_MS, stopping.signal);
        }
      })();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
