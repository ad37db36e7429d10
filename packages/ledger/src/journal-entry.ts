import assert from 'node:assert/strict';
import type { Lots, Origin } from './account.ts';

/** Yen, or nanaco points. Amounts of two currencies never meet in one sum. */
export type Currency = 'JPY' | 'NPT';

/** What an entry is about. */
export const ENTRY_KINDS = [
  'TOP_UP',
  'PAYMENT',
  'PAYMENT_CANCEL',
  'POINTS_AWARD',
  'POINTS_REVERSAL',
  'BALANCE_REFUND',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One side of an entry. `amount` is a whole number of the currency's unit, greater than zero. */
export interface Leg {
  readonly account: string;
  readonly side: 'debit' | 'credit';
  readonly amount: number;
  readonly currency: Currency;
  /** For a credit to a wallet: where the value comes from. For a debit: filled in when posted, lot by lot. */
  readonly lots?: Lots;
}

/** What is to be written: a balanced set of legs under an id that follows from the business id. */
export interface EntryPlan {
  /** Deterministic from the business id: the same payment can be posted once, for all time. */
  readonly id: string;
  readonly kind: EntryKind;
  /** The shard key: the wallet whose documents all stay together (docs/scale.md). */
  readonly wallet: string;
  readonly at: Date;
  readonly legs: readonly Leg[];
  /**
   * Whether the entry gives back what an earlier one took: then a cap does not keep it out. A member who topped
   * up meanwhile must not lose a cancelled payment.
   */
  readonly givesBack?: boolean;
  /** The generation of the controls that allowed this entry. */
  readonly generation: number;
  /** The ids that explain the entry: payment, top-up, store … Opaque ids only, nothing of a person. */
  readonly ref: Readonly<Record<string, string>>;
}

/** An entry as written. Entries are never changed; a correction is a new entry. */
export interface JournalEntry extends EntryPlan {
  readonly businessDate: string;
  /** `account#n`: this is the n-th entry of each refusing account it names. Dense, checked by a unique index. */
  readonly places: readonly string[];
}

/** A debit: value leaves the account (or an asset of ours grows). */
export const debit = (account: string, amount: number, currency: Currency = 'JPY'): Leg => ({
  account,
  side: 'debit',
  amount,
  currency,
});

/** A credit: value enters the account; say its origin when the account is a wallet. */
export const credit = (
  account: string,
  amount: number,
  from: { currency?: Currency; origin?: Origin } = {},
): Leg => ({
  account,
  side: 'credit',
  amount,
  currency: from.currency ?? 'JPY',
  ...(from.origin ? { lots: { [from.origin]: amount } } : {}),
});

/** The legs that undo an entry: every side turned, every lot back where it came from. */
export const reversal = (legs: readonly Leg[]): Leg[] =>
  legs.map((leg) => ({ ...leg, side: leg.side === 'debit' ? 'credit' : 'debit' }));

/**
 * Checks what must hold of every entry: at least two legs, whole amounts above zero, and in each currency
 * as much debit as credit (invariant I1).
 * @throws AssertionError a bug of ours; nothing has been written
 */
export function assertBalanced(legs: readonly Leg[]): void {
  assert(legs.length >= 2, 'an entry has at least two legs');
  const difference = new Map<Currency, number>();
  for (const { amount, side, currency, lots } of legs) {
    assert(Number.isSafeInteger(amount) && amount > 0, 'a leg is a whole amount above zero');
    const signed = side === 'debit' ? amount : -amount;
    difference.set(currency, (difference.get(currency) ?? 0) + signed);
    if (lots) {
      const sum = Object.values(lots).reduce((total, lot) => total + lot, 0);
      assert.equal(sum, amount, 'the lots of a leg add up to the leg');
    }
  }
  for (const [currency, sum] of difference)
    assert.equal(sum, 0, `debits and credits in ${currency}`);
}
