import assert from 'node:assert/strict';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { BusinessDate } from '@7pay/time';

/** Why a payment is looked at before it is final. In the order in which they are told. */
export const REVIEW_REASONS = [
  'UNUSUAL_AMOUNT',
  'NEW_DEVICE',
  'LIMIT_RAISED',
  'CONTACT_CHANGED',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** How a review ended. Expired, denied, refused and cancelled: nothing was charged. */
export const REVIEW_ENDINGS = [
  'CONFIRMED',
  'DENIED',
  'ALLOWED',
  'REFUSED',
  'EXPIRED',
  'CANCELLED',
] as const;
export type ReviewEnding = (typeof REVIEW_ENDINGS)[number];

/**
 * What is known of a payment when it is asked for. Flat, whole numbers; null is unknown and speaks against nobody. Hours are
 * counted down to whole ones.
 */
export interface ReviewFacts {
  readonly businessDate: BusinessDate;
  readonly amountYen: number;
  /** The largest payment of the last ones that stand; 0 before the first. */
  readonly largestYen: number;
  readonly walletAgeHours: number;
  /** Of the device that made the code; null for a code that the platform made. */
  readonly deviceAgeHours: number | null;
  readonly limitRaisedHours: number | null;
  readonly contactChangedHours: number | null;
}

/** What a judge decided: why, by the rules of which day, and how long the member has. */
export interface ReviewDecision {
  readonly reasons: readonly ReviewReason[];
  /** The day from which the rules are in force. */
  readonly rules: string;
  readonly answerMinutes: number;
}

/** Decides which payments are held for review. A fuller risk engine takes this place. */
export interface Judge {
  /** Below this nothing is looked up and nothing is held: most payments ask no more of the database. */
  readonly fromYen: (businessDate: BusinessDate) => number;
  readonly reviewOf: (facts: ReviewFacts) => ReviewDecision | null;
}

/** Thresholds in force from a business date. */
export interface ReviewRules {
  readonly from: string;
  /** Held from so many yen if it is also more than `times` the largest of the member’s payments. */
  readonly unusual: { readonly fromYen: number; readonly times: number };
  /** Held from so many yen, for so many hours after a change. */
  readonly afterChange: { readonly fromYen: number; readonly hours: number };
  /** How long the member or the support desk has to answer. */
  readonly answerMinutes: number;
  readonly owner: string;
  readonly source: string;
}

/** Dated rules; the newest that has begun applies. A day before the first holds nothing. */
export const REVIEW_RULES: readonly ReviewRules[] = [
  {
    from: '2019-07-01',
    unusual: { fromYen: 50_000, times: 3 },
    afterChange: { fromYen: 30_000, hours: 24 },
    answerMinutes: 10,
    owner: 'risk',
    source: 'docs/adr/0030-payments-under-review.md',
  },
];

/** How many of the last payments tell what is usual. */
export const USUAL_OF = 50;

const rulesOn = (rules: readonly ReviewRules[], date: BusinessDate): ReviewRules | undefined =>
  rules.filter(({ from }) => from <= date).at(-1);

/** Decides whether a payment is held for review, and says why. */
export function reviewOf(
  facts: ReviewFacts,
  table: readonly ReviewRules[] = REVIEW_RULES,
): ReviewDecision | null {
  const rules = rulesOn(table, facts.businessDate);
  if (!rules) return null;
  const { unusual, afterChange, answerMinutes } = rules;
  const { amountYen, largestYen, walletAgeHours, deviceAgeHours } = facts;
  const isRecent = (hours: number | null): boolean =>
    hours !== null && hours < afterChange.hours && amountYen >= afterChange.fromYen;
  const speaks: Readonly<Record<ReviewReason, boolean>> = {
    UNUSUAL_AMOUNT: amountYen >= unusual.fromYen && amountYen > unusual.times * largestYen,
    // The device that a wallet began with is not a change.
    NEW_DEVICE: isRecent(deviceAgeHours) && walletAgeHours >= afterChange.hours,
    LIMIT_RAISED: isRecent(facts.limitRaisedHours),
    CONTACT_CHANGED: isRecent(facts.contactChangedHours),
  };
  const reasons = REVIEW_REASONS.filter((reason) => speaks[reason]);
  return reasons.length > 0 ? { reasons, rules: rules.from, answerMinutes } : null;
}

/** The judge of the house. */
export const DATED_RULES: Judge = {
  fromYen: (businessDate) => {
    const rules = rulesOn(REVIEW_RULES, businessDate);
    return rules ? Math.min(rules.unusual.fromYen, rules.afterChange.fromYen) : Infinity;
  },
  reviewOf: (facts) => reviewOf(facts),
};

/** A review, kept with its payment for ever. */
export interface Review {
  readonly reasons: readonly ReviewReason[];
  readonly rules: string;
  /** Until when somebody may decide; then it is let go. */
  readonly until: Date;
  /** What the payment becomes when it is let through. */
  readonly becomes: 'ACCEPTED' | 'AUTHORIZED';
  readonly ended: EndedReview | null;
}
export interface EndedReview {
  readonly how: ReviewEnding;
  /** The member or the operator; null for time and for the merchant. */
  readonly by: string | null;
  readonly at: Date;
  /** An operator’s, for colleagues; empty otherwise. */
  readonly note: string;
}

export type ReviewRefusal = 'REVIEW_ENDED' | 'SECOND_PERSON_REQUIRED';

declareRefusals('review', {
  REVIEW_ENDED: {
    ja: 'このお支払いの確認は、すでに終わっています。',
    en: 'The check of this payment has ended already.',
  },
});

/** The review as it begins. */
export const beginReview = (
  { reasons, rules, answerMinutes }: ReviewDecision,
  at: Date,
  becomes: Review['becomes'],
): Review => ({
  reasons,
  rules,
  until: new Date(at.getTime() + answerMinutes * 60_000),
  becomes,
  ended: null,
});

/** What a person decides ends a review, once. Nobody decides after its time, swept or not. */
export function endReview(review: Review, ended: EndedReview): Review | Refused<'REVIEW_ENDED'> {
  return review.ended || review.until <= ended.at ? refuse('REVIEW_ENDED') : { ...review, ended };
}

/** Its time, or the merchant’s cancel, ends a review that nobody has decided. */
export function endUndecided(
  review: Review | null,
  how: 'EXPIRED' | 'CANCELLED',
  at: Date,
): Review {
  assert(review && !review.ended, 'a payment that is under review has one that is open');
  return { ...review, ended: { how, by: null, at, note: '' } };
}
