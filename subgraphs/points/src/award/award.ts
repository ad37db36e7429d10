import { pointsAccountIdOf } from '@7pay/ids';
import {
  credit,
  debit,
  type Lots,
  oweLegs,
  type PlainPlan,
  pointsAccount,
  settleLegs,
  sumOf,
  takeUpTo,
} from '@7pay/ledger';
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
  /** What of the payment was refunded so far, and in how many parts. */
  readonly refunded: number;
  readonly refunds: number;
  /** Points that refunds really took out of the account, and those they left owing because they were used already. */
  readonly takenBack: number;
  readonly owed: number;
  /** How many of its own points went to what was owed before. */
  readonly settled: number;
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

/**
 * The entry that grants points. Nanaco points balance among themselves, never with yen. What is owed is settled in the
 * same entry, out of the lots named in `settled`.
 */
export function awardEntry(
  payment: PaidPayment,
  { earned, settled }: { readonly earned: Points; readonly settled: Lots },
  at: Date,
  generation: number,
): PlainPlan {
  const accountId = pointsAccountIdOf(payment.memberId);
  const back = sumOf(settled);
  return {
    id: `${payment.paymentId}:award`,
    kind: 'POINTS_AWARD',
    wallet: payment.walletId,
    at,
    legs: [
      debit('points-issued', earned, 'NPT'),
      credit(pointsAccount(accountId), earned, {
        currency: 'NPT',
        origin: expiryOf(payment.businessDate),
      }),
      ...(back > 0 ? [...takenLegs(accountId, settled), ...settleLegs(accountId, back)] : []),
    ],
    generation,
    ref: { paymentId: payment.paymentId, memberId: payment.memberId },
  };
}

/** Which points settle what is owed when new ones come: those that end first. */
export function settledBy(
  lots: Lots,
  {
    earned,
    lot,
    owed,
  }: { readonly earned: Points; readonly lot: BusinessDate; readonly owed: number },
  today: BusinessDate,
): Lots {
  const after = { ...lots, [lot]: (lots[lot] ?? 0) + earned };
  return takeUpTo(after, owed, { first: {}, today });
}

/** How many points refunds cost an award so far: what the payment would not have earned without them, by the rule of its own day. */
export const costOf = (award: Award): number =>
  award.points - pointsFor(Math.max(0, award.amount - award.refunded), award.businessDate);

/** How many more points it costs when so much of the payment is refunded in all. */
export const pointsLost = (award: Award, refunded: number): number =>
  costOf({ ...award, refunded }) - costOf(award);

/** Which points a refund takes out of the account, and how many are owed because they are not there. */
export interface Recovered {
  readonly taken: Lots;
  readonly owed: number;
}

/**
 * Decides where lost points come from: their own lot, then the member’s others, soonest end first; the rest is owed. Once
 * the own lot is over nobody can tell what of it was used and what ended unused: then nothing else is touched, and
 * nothing owed (docs/adr/0046-points-owed.md).
 */
export function recover(
  lots: Lots,
  { lost, lot }: { readonly lost: number; readonly lot: BusinessDate },
  today: BusinessDate,
): Recovered {
  const first = { [lot]: lost };
  const isOver = lot < today;
  const own: Lots = { [lot]: lots[lot] ?? 0 };
  const taken = takeUpTo(isOver ? own : lots, lost, { first, today });
  return { taken, owed: isOver ? 0 : lost - sumOf(taken) };
}

/** The entry that takes points back when a payment is cancelled or refunded, and notes those that are owed instead. */
export function reversalEntry(
  { paymentId, memberId }: Award,
  { walletId, n, taken, owed }: Recovered & { readonly walletId: string; readonly n: number },
  at: Date,
  generation: number,
): PlainPlan {
  const accountId = pointsAccountIdOf(memberId);
  return {
    id: `${paymentId}:award-reversal:${n}`,
    kind: 'POINTS_REVERSAL',
    wallet: walletId,
    at,
    legs: [
      ...(sumOf(taken) > 0 ? takenLegs(accountId, taken) : []),
      ...(owed > 0 ? oweLegs(accountId, owed) : []),
    ],
    generation,
    ref: { paymentId, memberId },
  };
}

const takenLegs = (accountId: string, taken: Lots) => {
  const amount = sumOf(taken);
  return [
    { ...debit(pointsAccount(accountId), amount, 'NPT'), lots: taken },
    credit('points-issued', amount, { currency: 'NPT' }),
  ];
};
