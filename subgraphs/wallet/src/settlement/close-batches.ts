import assert from 'node:assert/strict';
import { isRefused } from '@7pay/refusals';
import { businessDate, type BusinessDate, type Clock } from '@7pay/time';
import { duePayouts } from '../payout/payout.ts';
import { closed, type SettlementBatch, settlementEntry } from './settlement.ts';
import type { SettlementUnitOfWork } from './settlement-work.ts';

/**
 * How long after midnight in Tokyo the day before is closed. What is sealed later than that falls into the next batch, so
 * nothing waits for anything: this only keeps late entries few.
 */
export const CLOSED_AFTER_MINUTES = 10;
const AT_ONCE = 50;

/** The first business date that is not due yet. */
export const firstOpenDate = (at: Date): BusinessDate =>
  businessDate(new Date(at.getTime() - CLOSED_AFTER_MINUTES * 60_000));

/**
 * Closes batches of days that are over, the earliest first, each in one write: batch, entry, standing of the merchant and
 * what is to be paid. Whoever closes the same one meanwhile finds it closed. Returns those that it closed.
 */
export const closeBatches =
  (unitOfWork: SettlementUnitOfWork, generation: () => number, clock: Clock) =>
  async (): Promise<readonly SettlementBatch[]> => {
    const due = await unitOfWork(({ batches }) => batches.due(firstOpenDate(clock.now()), AT_ONCE));
    const done: SettlementBatch[] = [];
    for (const { id } of due) {
      const batch = await closeOne(unitOfWork, id, { generation: generation(), at: clock.now() });
      if (batch) done.push(batch);
    }
    return done;
  };

const closeOne = (
  unitOfWork: SettlementUnitOfWork,
  id: string,
  { generation, at }: { generation: number; at: Date },
): Promise<SettlementBatch | null> =>
  unitOfWork(async ({ session, ledger, batches, payouts }) => {
    const open = await batches.find(id);
    if (open?.state !== 'OPEN') return null;
    const [standing] = await batches.standingsOf([open.merchantId]);
    assert(standing, 'a merchant with a batch has a standing');
    const batch = closed(open, standing, at);
    const plan = settlementEntry(batch, generation);
    const entry = plan && (await ledger.post(session, plan));
    assert(!entry || !isRefused(entry), 'accounts of settlement refuse nothing');
    await batches.close(batch);
    await batches.stand({
      merchantId: batch.merchantId,
      closedThrough: latest(standing.closedThrough, batch.businessDate),
      carried: batch.carriedOut,
      closed: batch.number,
    });
    for (const payout of duePayouts(batch, at)) await payouts.insert(payout);
    return batch;
  });

const latest = (a: BusinessDate | null, b: BusinessDate): BusinessDate => (a && a > b ? a : b);
