import type { Worker } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { type Clock, sleep } from '@7pay/time';
import type { SettleTopUp } from './settle-top-up.ts';
import type { TopUp } from './top-up.ts';

const EVERY_MS = 2_000;
const GRACE_MS = 5_000; // the request that made it is still asking by itself
const AT_ONCE = 50;

/** Goes on asking the register network about top-ups whose answer never came. */
export function settleTopUps(deps: {
  pending: (before: Date, limit: number) => Promise<TopUp[]>;
  settle: SettleTopUp;
  clock: Clock;
  log: Log;
}): Worker {
  const stopping = new AbortController();
  let running = Promise.resolve();
  const sweep = async () => {
    const before = new Date(deps.clock.now().getTime() - GRACE_MS);
    for (const topUp of await deps.pending(before, AT_ONCE)) {
      if (stopping.signal.aborted) return;
      const { state } = await deps.settle(topUp);
      if (state !== 'PENDING') deps.log.info('top_up.settled_late', { topUpId: topUp.id, state });
    }
  };
  return {
    start: () => {
      running = (async () => {
        while (!stopping.signal.aborted) {
          await sweep().catch((cause: unknown) => deps.log.warn('top_up.sweep_failed', { cause }));
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
