import type { Worker } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { sleep } from '@7pay/time';
import type { closeBatches } from './close-batches.ts';
import type { collectItems } from './collect-items.ts';

const EVERY_MS = 1_000;
const COLLECTED_AT_ONCE = 20;

/** Puts what was sealed into batches and closes the days that are over. Any number of processes may do it. */
export function settleMerchants(deps: {
  collect: ReturnType<typeof collectItems>;
  close: ReturnType<typeof closeBatches>;
  log: Log;
}): Worker {
  const stopping = new AbortController();
  let running = Promise.resolve();
  const sweep = async () => {
    // Where seals come faster than they are read, days are closed all the same.
    for (let times = 0; times < COLLECTED_AT_ONCE; times += 1) {
      if (stopping.signal.aborted || !(await deps.collect())) break;
    }
    for (;;) {
      const closed = stopping.signal.aborted ? [] : await deps.close();
      if (closed.length === 0) return;
      for (const { id, businessDate, settled, carriedOut } of closed) {
        deps.log.info('settlement.closed', { batchId: id, businessDate, settled, carriedOut });
      }
    }
  };
  return {
    start: () => {
      running = (async () => {
        while (!stopping.signal.aborted) {
          await sweep().catch((cause: unknown) => deps.log.warn('settlement.failed', { cause }));
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
