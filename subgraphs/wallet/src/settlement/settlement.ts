import { derivedId, digest } from '@7pay/ids';
import { credit, debit, type Leg, type PlainPlan } from '@7pay/ledger';
import type { BusinessDate } from '@7pay/time';
import { merchantPayable } from '../payment/payment-entries.ts';

/** What we earn by the payments of a merchant. */
export const merchantFee = (merchantId: string): string => `merchant-fee:${merchantId}`;
/** What was settled and a merchant is to be paid. */
export const payoutPayable = (merchantId: string): string => `payout-payable:${merchantId}`;

/** An entry of the journal that a merchant is settled for; its id is that of the entry, so it is in one batch for all time. */
export interface SettlementItem {
  readonly id: string;
  readonly merchantId: string;
  readonly batchId: string;
  /** Of the entry; a late one is in a batch of a later date. */
  readonly businessDate: BusinessDate;
  readonly side: 'PAYMENT' | 'REFUND';
  /** Yen, above zero. */
  readonly amount: number;
  /** The rate of its payment, also when it refunds one of an earlier date. */
  readonly basisPoints: number;
  readonly paymentId: string;
  readonly storeId: string;
  readonly at: Date;
}

/** What came into a batch under one rate, yen. */
export interface RateSums {
  readonly basisPoints: number;
  readonly payments: number;
  readonly refunds: number;
}

/** What a merchant and a business date come to. */
export interface SettlementBatch {
  readonly id: string;
  readonly merchantId: string;
  readonly businessDate: BusinessDate;
  readonly state: 'OPEN' | 'CLOSED';
  readonly rates: readonly RateSums[];
  /** Entries in it. */
  readonly count: number;
  /** This is the n-th batch of its merchant that was closed; 0 while it is open. */
  readonly number: number;
  /** Zero or below: what earlier batches lacked, yen. */
  readonly carriedIn: number;
  /** Below zero when more fee was given back than taken. */
  readonly fee: number;
  readonly settled: number;
  /** Zero or below: what this batch lacks, yen. */
  readonly carriedOut: number;
  readonly closedAt: Date | null;
}

/** How a merchant stands between its batches. */
export interface MerchantStanding {
  readonly merchantId: string;
  /** Nothing comes into a batch of this date or before any more. */
  readonly closedThrough: BusinessDate | null;
  /** Zero or below, yen. */
  readonly carried: number;
  /** Batches that were closed. */
  readonly closed: number;
}

export const batchIdOf = (merchantId: string, date: BusinessDate): string =>
  derivedId('stl', merchantId, date);

/** What came into a batch, yen. */
export const sumsOf = ({ rates }: Pick<SettlementBatch, 'rates'>) => ({
  payments: rates.reduce((sum, { payments }) => sum + payments, 0),
  refunds: rates.reduce((sum, { refunds }) => sum + refunds, 0),
});

const WHOLE = 10_000n; // basis points in one

/**
 * The fee of a batch: for each rate, payments less refunds times the rate, rounded down to the yen once, towards the merchant
 * (docs/adr/0029-settlement-and-payouts.md). No item has a fee of its own.
 */
export function feeOf(rates: readonly RateSums[]): number {
  const fees = rates.map(({ basisPoints, payments, refunds }) => {
    const product = BigInt(payments - refunds) * BigInt(basisPoints);
    // BigInt divides towards zero: below it, that would be up.
    const down = product < 0n && product % WHOLE !== 0n ? 1n : 0n;
    return product / WHOLE - down;
  });
  return Number(fees.reduce((sum, fee) => sum + fee, 0n));
}

/** Closes a batch: what is left after refunds, fee and what was lacking before is settled; what lacks is carried. */
export function closed(
  batch: SettlementBatch,
  { carried, closed: earlier }: MerchantStanding,
  at: Date,
): SettlementBatch {
  const { payments, refunds } = sumsOf(batch);
  const fee = feeOf(batch.rates);
  const net = carried + payments - refunds - fee;
  return {
    ...batch,
    state: 'CLOSED',
    number: earlier + 1,
    carriedIn: carried,
    fee,
    settled: Math.max(0, net),
    carriedOut: Math.min(0, net),
    closedAt: at,
  };
}

const STRIPES = 16;

/** The shard key of an entry of the house: its kind, its date and one of sixteen stripes (docs/scale.md). */
export const systemWallet = (kind: string, date: BusinessDate, key: string): string =>
  `sys:${kind}:${date}:${digest(key).charCodeAt(0) % STRIPES}`;

/** The entry of a closed batch: out of what we owe for payments, into what is to be paid and our fee. Null if nothing moves. */
export function settlementEntry(batch: SettlementBatch, generation: number): PlainPlan | null {
  const { id, merchantId, businessDate, settled, fee, closedAt } = batch;
  const legs = [
    ...signed(merchantPayable(merchantId), -(settled + fee)),
    ...signed(payoutPayable(merchantId), settled),
    ...signed(merchantFee(merchantId), fee),
  ];
  if (legs.length === 0 || closedAt === null) return null;
  return {
    id: `${id}:settle`,
    kind: 'SETTLEMENT',
    wallet: systemWallet('settlement', businessDate, merchantId),
    at: closedAt,
    legs,
    generation,
    ref: { batchId: id, merchantId },
  };
}

/** A credit above zero, a debit below. */
function signed(account: string, amount: number): Leg[] {
  if (amount === 0) return [];
  return [amount > 0 ? credit(account, amount) : debit(account, -amount)];
}
