import type { Worker } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { type Clock, sleep } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { endUndecided } from '../review/review.ts';
import { tellOfReview } from '../review/tell-of-review.ts';
import { letGo } from './let-go.ts';
import { isOverdue, isPayment, type Payment } from './payment.ts';

const EVERY_MS = 5_000;
const AT_ONCE = 50;

/** Lets go of the money of a payment whose time is over. Whoever captures at the same moment wins or loses, once. */
export const releaseOverdue =
  (unitOfWork: WalletUnitOfWork, clock: Clock, generation: () => number) =>
  ({ id }: Payment): Promise<boolean> =>
    unitOfWork(async (work) => {
      const payment = await work.payments.find(id);
      const at = clock.now();
      if (!payment || !isPayment(payment) || !isOverdue(payment, at)) return false;
      const told = { at, generation: generation() };
      if (payment.state !== 'UNDER_REVIEW') {
        await letGo(work, payment, told);
        return true;
      }
      const review = endUndecided(payment.review, 'EXPIRED', at);
      const released = await letGo(work, payment, told, { review });
      await tellOfReview(work, released, 'PAYMENT_NOT_MADE', at);
      return true;
    });

/** Looks for holds whose time is over. They lock nothing meanwhile: an account looks at the time by itself. */
export function releasePayments(deps: {
  overdue: (at: Date, limit: number) => Promise<Payment[]>;
  release: ReturnType<typeof releaseOverdue>;
  clock: Clock;
  log: Log;
}): Worker {
  const stopping = new AbortController();
  let running = Promise.resolve();
  const sweep = async () => {
    for (const payment of await deps.overdue(deps.clock.now(), AT_ONCE)) {
      if (stopping.signal.aborted) return;
      if (await deps.release(payment)) {
        deps.log.info('payment.released', { paymentId: payment.id });
      }
    }
  };
  return {
    start: () => {
      running = (async () => {
        while (!stopping.signal.aborted) {
          await sweep().catch((cause: unknown) => deps.log.warn('payment.sweep_failed', { cause }));
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
