import assert from 'node:assert/strict';
import type { Yen } from '@7pay/money';
import type { BusinessDate } from '@7pay/time';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Review } from '../review/review.ts';

export type PaymentRefusal =
  | 'CODE_UNKNOWN'
  | 'CODE_EXPIRED'
  | 'CODE_USED'
  | 'CODE_NEEDS_ONLINE'
  | 'TERMINAL_LOCKED'
  | 'WALLET_FROZEN'
  | 'INSUFFICIENT_BALANCE'
  | 'BALANCE_CAP_EXCEEDED'
  | 'LIMIT_EXCEEDED'
  | 'TOO_MANY_HOLDS'
  | 'AMOUNT_TOO_LARGE'
  | 'PAYMENT_ID_REUSED'
  | 'PAYMENT_CANCELLED_EARLIER'
  | 'STORE_NOT_SELLING';

/** Why a payment that is known is not captured or refunded. */
export type FollowUpRefusal =
  | 'PAYMENT_UNKNOWN'
  | 'PAYMENT_NOT_AUTHORIZED'
  | 'PAYMENT_NOT_REFUNDABLE'
  | 'REFUND_ABOVE_PAYMENT'
  | 'REFUND_ID_REUSED'
  | 'CAPTURE_ABOVE_HOLD'
  | 'HOLD_NOT_OPEN'
  | 'WALLET_FROZEN'
  | 'INSUFFICIENT_BALANCE'
  | 'LIMIT_EXCEEDED';

declareRefusals('payment', {
  PAYMENT_UNKNOWN: {
    ja: 'この支払番号のお支払いは見つかりません。番号をご確認ください。',
    en: 'There is no payment under this number. Please check the number.',
  },
  PAYMENT_NOT_AUTHORIZED: {
    ja: 'このお支払いは確保の状態にないため、確定できません。',
    en: 'Nothing is held for this payment, so it cannot be captured.',
  },
  PAYMENT_NOT_REFUNDABLE: {
    ja: 'このお支払いは成立していないため、返金できません。',
    en: 'This payment does not stand, so it cannot be refunded.',
  },
  REFUND_ABOVE_PAYMENT: {
    ja: '返金できるのは残り{left}円までです。',
    en: 'At most {left} yen of this payment can still be refunded.',
  },
  REFUND_ID_REUSED: {
    ja: '同じ返金番号が別の内容で使われています。新しい番号でやり直してください。',
    en: 'This refund number was used with other contents. Please start again with a new number.',
  },
  AMOUNT_TOO_LARGE: {
    ja: '1回のお支払いは{limit}円までです。',
    en: 'One payment may be at most {limit} yen.',
  },
  PAYMENT_ID_REUSED: {
    ja: '同じ支払番号が別の内容で使われています。新しい番号でやり直してください。',
    en: 'This payment number was used with other contents. Please start again with a new number.',
  },
  PAYMENT_CANCELLED_EARLIER: {
    ja: 'この支払いは取り消されたか、期限が過ぎているため、成立していません。代金は請求されません。',
    en: 'This payment does not stand: it was cancelled, or its time is over. Nothing is charged for it.',
  },
  STORE_NOT_SELLING: {
    ja: 'この店舗では現在7payを利用できません。',
    en: '7pay cannot be used at this store at the moment.',
  },
});

/** The most one payment may be, yen. Source: docs/adr/0008-limits.md */
export const PAYMENT_LIMIT = 100_000;

/** Who asks for money, and how much. Ids of the merchant come from the terminal's token, never from input. */
export interface PaymentRequest {
  /** Made by the merchant: sent twice, it pays once. */
  readonly merchantPaymentId: string;
  readonly merchantId: string;
  readonly storeId: string;
  readonly terminalId: string;
  readonly code: string;
  readonly amount: Yen;
}

/**
 * How a payment stands. AUTHORIZED: the money is held. UNDER_REVIEW: it is held until somebody has looked at it. RELEASED: it was held and let go, nothing was charged.
 * VOIDED: cancelled before it arrived; REFUSED: answered with a refusal, for good.
 */
export type PaymentState =
  | 'AUTHORIZED'
  | 'UNDER_REVIEW'
  | 'ACCEPTED'
  | 'CANCELLED'
  | 'RELEASED'
  | 'REFUSED'
  | 'VOIDED';

/** A merchant's payment number and what became of it. Kept for ever. */
export interface PaymentRecord {
  readonly id: string;
  readonly merchantPaymentId: string;
  readonly merchantId: string;
  readonly storeId: string;
  /** Null for a payment to a store’s printed code: no terminal asked for it. */
  readonly terminalId: string | null;
  /** Digest of the request; null for a cancel that overtook its payment. */
  readonly request: string | null;
  readonly state: PaymentState;
  /** What was asked for; once captured, what was captured. */
  readonly amount: Yen | null;
  /** Until when the money is held, if it was only held. */
  readonly authorizedUntil: Date | null;
  /** Why it was looked at before it was final, and what came of it; null if it was not. */
  readonly review: Review | null;
  /** What of it was refunded so far, and in how many parts. */
  readonly refunded: number;
  readonly refunds: number;
  readonly walletId: string | null;
  readonly memberId: string | null;
  readonly at: Date;
  readonly businessDate: BusinessDate;
  readonly cancelledAt: Date | null;
  readonly refusal: Refused<PaymentRefusal> | null;
  readonly generation: number;
}

/** A payment that reached a wallet: it holds money, took it, or let it go again. */
export type Payment = PaymentRecord & {
  readonly state: 'AUTHORIZED' | 'UNDER_REVIEW' | 'ACCEPTED' | 'CANCELLED' | 'RELEASED';
  readonly amount: Yen;
  readonly walletId: string;
  readonly memberId: string;
};

/** Whether the record is a payment that reached a wallet. */
export const isPayment = (record: PaymentRecord): record is Payment =>
  record.state !== 'REFUSED' && record.state !== 'VOIDED';

/** Whether nobody can capture it or let it through any more, although nobody has swept it. */
export function isOverdue({ state, authorizedUntil, review }: PaymentRecord, at: Date): boolean {
  const until = state === 'UNDER_REVIEW' ? (review?.until ?? null) : authorizedUntil;
  return (state === 'AUTHORIZED' || state === 'UNDER_REVIEW') && until !== null && until <= at;
}

/** Whether a terminal that asks for the payment hears that it is, or was, under review and that nothing is charged. */
export const isNotThrough = ({ state, review }: PaymentRecord): boolean =>
  state === 'UNDER_REVIEW' || (state === 'RELEASED' && review !== null);

/** What of a payment can still be refunded. */
export const refundable = (payment: PaymentRecord): number =>
  payment.state === 'ACCEPTED' ? (payment.amount ?? 0) - payment.refunded : 0;

/**
 * What a repeated request may hear of its payment: itself, unless it was given back or let go meanwhile. Nobody may hand
 * over goods for a payment that stands no more. What was let go after a review is told as one that was reviewed.
 */
export const asItStands = (payment: Payment): Payment | Refused<'PAYMENT_CANCELLED_EARLIER'> =>
  payment.state === 'CANCELLED' || (payment.state === 'RELEASED' && payment.review === null)
    ? refuse('PAYMENT_CANCELLED_EARLIER')
    : payment;

/**
 * What a repeated request gets: the first answer again as far as it is still true, or a refusal if it is another request.
 */
export function answerAgain(
  earlier: PaymentRecord,
  requestDigest: string,
): Payment | Refused<PaymentRefusal> {
  if (earlier.state === 'VOIDED') return refuse('PAYMENT_CANCELLED_EARLIER');
  if (earlier.request !== requestDigest) return refuse('PAYMENT_ID_REUSED');
  if (earlier.refusal) return earlier.refusal;
  assert(isPayment(earlier), 'a record without a refusal is a payment');
  return asItStands(earlier);
}
