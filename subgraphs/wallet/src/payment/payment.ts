import assert from 'node:assert/strict';
import type { Yen } from '@7pay/money';
import {
  credit,
  debit,
  type PlainPlan,
  type JournalEntry,
  reversal,
  walletAccount,
} from '@7pay/ledger';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

export type PaymentRefusal =
  | 'CODE_UNKNOWN'
  | 'CODE_EXPIRED'
  | 'CODE_USED'
  | 'WALLET_FROZEN'
  | 'INSUFFICIENT_BALANCE'
  | 'BALANCE_CAP_EXCEEDED'
  | 'AMOUNT_TOO_LARGE'
  | 'PAYMENT_ID_REUSED'
  | 'PAYMENT_CANCELLED_EARLIER'
  | 'STORE_NOT_SELLING';

declareRefusals('payment', {
  AMOUNT_TOO_LARGE: {
    ja: '1回のお支払いは{limit}円までです。',
    en: 'One payment may be at most {limit} yen.',
  },
  PAYMENT_ID_REUSED: {
    ja: '同じ支払番号が別の内容で使われています。新しい番号でやり直してください。',
    en: 'This payment number was used with other contents. Please start again with a new number.',
  },
  PAYMENT_CANCELLED_EARLIER: {
    ja: 'この支払いは先に取り消されています。代金は引き落とされていません。',
    en: 'This payment was cancelled before it arrived. Nothing was charged.',
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

/** How a payment stands. VOIDED: cancelled before it arrived; REFUSED: answered with a refusal, for good. */
export type PaymentState = 'ACCEPTED' | 'CANCELLED' | 'REFUSED' | 'VOIDED';

/** A merchant's payment number and what became of it. Kept for ever. */
export interface PaymentRecord {
  readonly id: string;
  readonly merchantPaymentId: string;
  readonly merchantId: string;
  readonly storeId: string;
  readonly terminalId: string;
  /** Digest of the request; null for a cancel that overtook its payment. */
  readonly request: string | null;
  readonly state: PaymentState;
  readonly amount: Yen | null;
  readonly walletId: string | null;
  readonly memberId: string | null;
  readonly at: Date;
  readonly businessDate: string;
  readonly cancelledAt: Date | null;
  readonly refusal: Refused<PaymentRefusal> | null;
  readonly generation: number;
}

/** A payment that took money, cancelled afterwards or not. */
export type Payment = PaymentRecord & {
  readonly state: 'ACCEPTED' | 'CANCELLED';
  readonly amount: Yen;
  readonly walletId: string;
  readonly memberId: string;
};

/** Whether the record is a payment that took money. */
export const isPayment = (record: PaymentRecord): record is Payment =>
  record.state === 'ACCEPTED' || record.state === 'CANCELLED';

/** What a repeated request gets: the first answer again, or a refusal if it is another request. */
export function answerAgain(
  earlier: PaymentRecord,
  requestDigest: string,
): Payment | Refused<PaymentRefusal> {
  if (earlier.state === 'VOIDED') return refuse('PAYMENT_CANCELLED_EARLIER');
  if (earlier.request !== requestDigest) return refuse('PAYMENT_ID_REUSED');
  if (earlier.refusal) return earlier.refusal;
  assert(isPayment(earlier), 'a record without a refusal is a payment');
  return earlier;
}

/** The entry that pays: out of the wallet, into what we owe the merchant. */
export const paymentEntry = (payment: Payment): PlainPlan => ({
  id: `${payment.id}:accept`,
  kind: 'PAYMENT',
  wallet: payment.walletId,
  at: payment.at,
  legs: [
    debit(walletAccount(payment.walletId), payment.amount),
    credit(`merchant-payable:${payment.merchantId}`, payment.amount),
  ],
  generation: payment.generation,
  ref: refOf(payment),
});

/** The entry that undoes a payment, lot by lot. */
export const cancelEntry = (
  payment: Payment,
  paid: JournalEntry,
  at: Date,
  generation: number,
): PlainPlan => ({
  id: `${payment.id}:cancel`,
  kind: 'PAYMENT_CANCEL',
  wallet: payment.walletId,
  at,
  legs: reversal(paid.legs),
  givesBack: true,
  generation,
  reverses: { entry: paid.id, n: 1 },
  ref: refOf(payment),
});

/** The same for a wallet that takes nothing any more: what is owed is kept apart until somebody decides. */
export const suspendedCancelEntry = (plan: PlainPlan, payment: Payment): PlainPlan => ({
  ...plan,
  legs: [
    debit(`merchant-payable:${payment.merchantId}`, payment.amount),
    credit(`suspense:payment-cancel:${payment.id}`, payment.amount),
  ],
});

const refOf = ({ id, merchantId, storeId, terminalId, walletId, memberId }: Payment) => ({
  paymentId: id,
  merchantId,
  storeId,
  terminalId,
  walletId,
  memberId,
});
