import assert from 'node:assert/strict';
import type { JournalEntry, LotKey, Lots } from '@7pay/ledger';

/** The lots that an entry moved out of wallets, or back. */
const lotsOf = ({ legs }: JournalEntry, side: 'debit' | 'credit'): Lots =>
  legs.find((leg) => leg.side === side && leg.lots)?.lots ?? {};

/** What of the lots of a payment has not gone back yet. What was put aside instead counts as gone back. */
export function lotsLeft(paid: JournalEntry, earlier: readonly JournalEntry[]): Lots {
  const left: Partial<Record<LotKey, number>> = { ...lotsOf(paid, 'debit') };
  for (const entry of earlier) {
    for (const [lot, amount] of Object.entries(lotsOf(entry, 'credit')) as [LotKey, number][]) {
      left[lot] = (left[lot] ?? 0) - amount;
    }
  }
  return Object.fromEntries(Object.entries(left).filter(([, amount]) => (amount ?? 0) > 0));
}

// The other way round than value is spent: what was taken last is back first.
const GIVE_BACK_ORDER: readonly LotKey[] = ['cash', 'debit', 'credit', 'compensation', 'points'];

/**
 * Which lots a refund gives back.
 * @throws AssertionError if the lots hold less than the amount
 */
export function givenBackNext(left: Lots, amount: number): Lots {
  let missing = amount;
  const back: Partial<Record<LotKey, number>> = {};
  for (const lot of GIVE_BACK_ORDER) {
    const part = Math.min(left[lot] ?? 0, missing);
    if (part > 0) back[lot] = part;
    missing -= part;
  }
  assert.equal(missing, 0, 'no more is refunded than was paid');
  return back;
}
