import assert from 'node:assert/strict';
import type { BusinessDate } from '@7pay/time';
import type { Change } from '../account/apply.ts';
import { type LotKey, type Lots, sumOf } from '../account/lots.ts';
import type { Passing } from '../account/window.ts';

/** Yen, or nanaco points. Amounts of two currencies never meet in one sum. */
export type Currency = 'JPY' | 'NPT';

/** What an entry is about. */
export const ENTRY_KINDS = [
  'TOP_UP',
  'TOP_UP_REVERSAL',
  'PAYMENT',
  'PAYMENT_HOLD',
  'PAYMENT_CAPTURE',
  'PAYMENT_CANCEL',
  'PAYMENT_REFUND',
  'HOLD_RELEASED',
  'POINTS_AWARD',
  'POINTS_REVERSAL',
  'POINTS_EXPIRY',
  'POINTS_EXCHANGE',
  'BALANCE_REFUND',
  'WALLET_CLOSE',
  'REFUND_PAID',
  'REFUND_EXCLUDED',
  'SETTLEMENT',
  'PAYOUT',
  'PAYOUT_PAID',
  'PAYOUT_RETURNED',
  'SUSPENSE',
  'RECONCILIATION',
  'BUDGET',
  'ACCOUNT_SET',
  'VOIDED',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

// These move nothing: a place taken for ever, a hold let go, a state of an account.
const WITHOUT_LEGS: ReadonlySet<EntryKind> = new Set(['VOIDED', 'HOLD_RELEASED', 'ACCOUNT_SET']);

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
  /** The legs reserve and do not move; until this instant at the latest. */
  readonly holdsUntil?: Date;
  /** The pending entry that this one ends, on the same accounts. An entry is ended once, for all time. */
  readonly resolves?: string;
  /** The entry that this one takes back, and for the how manieth time. */
  readonly reverses?: { readonly entry: string; readonly n: number };
  /** What becomes of an account's state. */
  readonly sets?: { readonly account: string } & NonNullable<Change['sets']>;
  /** Through which window of which account the entry passes. */
  readonly passes?: Passing & { readonly account: string };
  /** What an earlier entry counted in a window of an account, and this one takes back. */
  readonly returns?: NonNullable<Change['returns']> & { readonly account: string };
  /** The generation of the controls that allowed this entry. */
  readonly generation: number;
  /** The ids that explain the entry: payment, top-up, store … Opaque ids only, nothing of a person. */
  readonly ref: Readonly<Record<string, string>>;
}

/** A plan that holds nothing, ends no hold and passes through no window: only balances can refuse it. */
export type PlainPlan = EntryPlan & {
  readonly holdsUntil?: never;
  readonly resolves?: never;
  readonly passes?: never;
};

/** A plan that ends no hold. */
export type FirstPlan = EntryPlan & { readonly resolves?: never };

/** How a refusing account stood after an entry, and which entry came before. */
export interface Stand {
  readonly account: string;
  /** This is the n-th entry of the account. */
  readonly seq: number;
  readonly posted: number;
  readonly held: number;
  /** The hash of the entry before; empty for the first. */
  readonly prev: string;
}

/** An entry as written. Entries are never changed; a correction is a new entry. */
export interface JournalEntry {
  readonly id: string;
  readonly kind: EntryKind;
  readonly wallet: string;
  /** When it was booked: the plan's instant, or that of the account's entry before if a clock ran behind. */
  readonly at: Date;
  readonly businessDate: BusinessDate;
  readonly legs: readonly Leg[];
  readonly holdsUntil?: Date;
  readonly resolves?: string;
  readonly reverses?: { readonly entry: string; readonly n: number };
  readonly sets?: { readonly account: string } & NonNullable<Change['sets']>;
  readonly generation: number;
  readonly ref: Readonly<Record<string, string>>;
  /** One for each refusing account that the entry names. */
  readonly stands: readonly Stand[];
  /** SHA-256 over all of the above (canonical.ts), base64url. */
  readonly hash: string;
}

/** Whether the legs of an entry moved value, or only reserved it. */
export const moves = (entry: Pick<JournalEntry, 'holdsUntil'>): boolean =>
  entry.holdsUntil === undefined;

/** A debit: value leaves the account (or an asset of ours grows). */
export const debit = (account: string, amount: number, currency: Currency = 'JPY'): Leg => ({
  account,
  side: 'debit',
  amount,
  currency,
});

/** A credit: value enters the account; say its lot when the account is a wallet or holds points. */
export const credit = (
  account: string,
  amount: number,
  from: { currency?: Currency; origin?: LotKey } = {},
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
 * Checks what must hold of every entry: at least two legs (or none, for the kinds that move nothing), whole
 * amounts above zero, and in each currency as much debit as credit (invariant I1).
 * @throws AssertionError a bug of ours; nothing has been written
 */
export function assertBalanced(legs: readonly Leg[], kind?: EntryKind): void {
  if (kind && WITHOUT_LEGS.has(kind)) {
    assert.equal(legs.length, 0, `an entry of kind ${kind} moves nothing`);
    return;
  }
  assert(legs.length >= 2, 'an entry has at least two legs');
  const difference = new Map<Currency, number>();
  for (const { amount, side, currency, lots } of legs) {
    assert(Number.isSafeInteger(amount) && amount > 0, 'a leg is a whole amount above zero');
    const signed = side === 'debit' ? amount : -amount;
    difference.set(currency, (difference.get(currency) ?? 0) + signed);
    if (lots) assert.equal(sumOf(lots), amount, 'the lots of a leg add up to the leg');
  }
  for (const [currency, sum] of difference)
    assert.equal(sum, 0, `debits and credits in ${currency}`);
}
