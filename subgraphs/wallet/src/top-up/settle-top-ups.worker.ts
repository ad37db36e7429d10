import type { Worker } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { type Clock, sleep } from '@7pay/time';
import type { SettleTopUp } from './settle-top-up.ts';
import type { PendingQuestion } from './top-up.store.ts';
import type { TopUp, TopUpSource } from './top-up.ts';

const EVERY_MS = 2_000;
const GRACE_MS = 5_000; // the request that made it is still asking by itself
const AT_ONCE = 50;

/**
 * Goes on asking a party outside about the top-ups whose answer never came. Each party has a worker of its own: one that
 * is down keeps nobody else waiting.
 */
export function settleTopUps(deps: {
  sources: readonly TopUpSource[];
  pending: (question: PendingQuestion) => Promise<TopUp[]>;
  settle: SettleTopUp;
  clock: Clock;
  log: Log;
}): Worker {
  const stopping = new AbortController();
  let running = Promise.resolve();
  // One that fails keeps none behind it waiting.
  const settleOne = async (topUp: TopUp) => {
    const topUpId = topUp.id;
    try {
      const { state } = await deps.settle(topUp);
      if (state !== 'PENDING') deps.log.info('top_up.settled_late', { topUpId, state });
    } catch (cause) {
      deps.log.warn('top_up.settle_failed', { topUpId, cause });
    }
  };
  const sweep = async () => {
    const before = new Date(deps.clock.now().getTime() - GRACE_MS);
    // Page by page: what waits for a person must not hide what an answer is there for.
    for (let after: TopUp | null = null; ;) {
      const page = await deps.pending({ sources: deps.sources, before, limit: AT_ONCE, after });
      for (const topUp of page) {
        if (stopping.signal.aborted) return;
        await settleOne(topUp);
      }
      if (page.length < AT_ONCE) return;
      after = page.at(-1) ?? null;
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
