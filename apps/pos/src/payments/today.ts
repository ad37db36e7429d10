import type { Payment } from '../operations.ts';

/** The payments of one business day, and what they come to: less what was given back of them. Cancelled ones are listed and not counted. */
export interface Day {
  readonly payments: readonly Payment[];
  readonly count: number;
  readonly totalYen: number;
}

/** The payments of a business date among rows that come newest first. */
export function dayOf(rows: readonly Payment[], businessDate: string): Day {
  const payments = rows.filter((row) => row.businessDate === businessDate);
  const standing = payments.filter(({ state }) => state === 'ACCEPTED');
  return {
    payments,
    count: standing.length,
    totalYen: standing.reduce((sum, { amount, refunded }) => sum + amount - refunded, 0),
  };
}

/** Whether older pages can still hold rows of that day: not once an earlier day has appeared. */
export function mayHoldMore(rows: readonly Payment[], businessDate: string): boolean {
  const last = rows.at(-1);
  return last !== undefined && last.businessDate >= businessDate;
}
