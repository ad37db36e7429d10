import type { SettlementBatch } from '../settlement-operations.ts';

/** The batches of one business day, in the order in which they came. */
export interface BusinessDay {
  readonly businessDate: string;
  readonly batches: readonly SettlementBatch[];
}

/** Puts batches, newest day first, under their days. A day that a page cut in two is one again. */
export function byDay(batches: readonly SettlementBatch[]): readonly BusinessDay[] {
  const days = new Map<string, SettlementBatch[]>();
  for (const batch of batches) {
    const { businessDate } = batch;
    days.set(businessDate, [...(days.get(businessDate) ?? []), batch]);
  }
  return [...days].map(([businessDate, ofDay]) => ({ businessDate, batches: ofDay }));
}
