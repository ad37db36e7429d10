import { pointsAccountIdOf } from '@7pay/ids';
import { credit, debit, type PlainPlan, pointsAccount } from '@7pay/ledger';
import { type Points, points } from '@7pay/money';
import type { BusinessDate } from '@7pay/time';

/** How points are earned, in force from a business date. */
export interface AwardRule {
  readonly from: string;
  /** One point for each so many yen of a payment, rounded down. */
  readonly yenPerPoint: number;
  readonly owner: string;
  readonly source: string;
}

/** Dated rules; the newest one that has begun applies. */
export const AWARD_RULES: readonly AwardRule[] = [
  {
    from: '2019-07-01',
    yenPerPoint: 200,
    owner: 'marketing',
    source: 'docs/adr/0008-limits.md: one nanaco point per 200 yen, the rule of July 2019',
  },
];

/** A payment that earned points. Kept also when it earned none, so that it is never counted again. */
export interface Award {
  readonly id: string;
  readonly paymentId: string;
  readonly memberId: string;
  readonly points: Points;
  /** The last business date on which they can be spent; null when it earned none. */
  readonly expiresOn: BusinessDate | null;
  readonly state: 'AWARDED' | 'REVERSED' | 'NONE';
  /** What the payment was when it earned them, yen; 0 when a cancel was heard first. */
  readonly amount: number;
  readonly businessDate: BusinessDate;
  /** What of the payment was refunded so far, in how many parts, and the points that cost. */
  readonly refunded: number;
  readonly refunds: number;
  readonly takenBack: number;
  readonly at: Date;
}

/** A payment as the journal tells of it. */
export interface PaidPayment {
  readonly paymentId: string;
  readonly memberId: string;
  readonly walletId: string;
  readonly amount: number;
  readonly businessDate: BusinessDate;
}

/** The points of a payment: whole points for whole steps of yen, by the rule of its business date. */
export function pointsFor(amount: number, businessDate: BusinessDate): Points {
  const rule = AWARD_RULES.filter(({ from }) => from <= businessDate).at(-1);
  // Whole numbers throughout: what is left over goes before the division, which then has no rest.
  return points(rule ? (amount - (amount % rule.yenPerPoint)) / rule.yenPerPoint : 0);
}

/**
 * The last business date of points: what is earned from April to March can be spent until 31 March of the year after
 * next. Earned one day apart, they may end one year apart. Source: docs/adr/0008-limits.md
 */
export function expiryOf(earnedOn: BusinessDate): BusinessDate {
  const year = Number(earnedOn.slice(0, 4));
  const fiscalYear = earnedOn.slice(5) < '04-01' ? year - 1 : year;
  return `${fiscalYear + 2}-03-31` as BusinessDate;
}

/** The entry that grants points. Nanaco points balance among themselves, never with yen. */
export const awardEntry = (
  payment: PaidPayment,
  earned: Points,
  at: Date,
  generation: number,
): PlainPlan => ({
  id: `${payment.paymentId}:award`,
  kind: 'POINTS_AWARD',
  wallet: payment.walletId,
  at,
  legs: [
    debit('points-issued', earned, 'NPT'),
    credit(pointsAccount(pointsAccountIdOf(payment.memberId)), earned, {
      currency: 'NPT',
      origin: expiryOf(payment.businessDate),
    }),
  ],
  generation,
  ref: { paymentId: payment.paymentId, memberId: payment.memberId },
});

/**
 * How many points a refund costs: what the payment would not have earned without it, by the rule of its own day, less
 * what earlier refunds cost.
 */
export const pointsLost = (award: Award, refunded: number): number =>
  award.points - pointsFor(award.amount - refunded, award.businessDate) - award.takenBack;

/** The entry that takes points back when a payment is cancelled or refunded; `left` is what their lot still holds. */
export const reversalEntry = (
  award: Award & { readonly expiresOn: BusinessDate },
  { walletId, left, n }: { walletId: string; left: number; n: number },
  at: Date,
  generation: number,
): PlainPlan => ({
  id: `${award.paymentId}:award-reversal:${n}`,
  kind: 'POINTS_REVERSAL',
  wallet: walletId,
  at,
  legs: [
    {
      ...debit(pointsAccount(pointsAccountIdOf(award.memberId)), left, 'NPT'),
      lots: { [award.expiresOn]: left },
    },
    credit('points-issued', left, { currency: 'NPT' }),
  ],
  generation,
  ref: { paymentId: award.paymentId, memberId: award.memberId },
});
