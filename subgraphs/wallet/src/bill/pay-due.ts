import assert from 'node:assert/strict';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate } from '@7pay/time';
import { type CoolingRefusal, orCooling } from '../cooling/cooling.ts';
import { AT_ONCE, book, paymentIdOf } from '../payment/accept-payment.ts';
import {
  asItStands,
  isPayment,
  type Payment,
  PAYMENT_LIMIT,
  type PaymentRecord,
  type PaymentRefusal,
} from '../payment/payment.ts';
import type { WalletWork } from '../unit-of-work.ts';
import type { Bill } from './bill.ts';

export type PayDueRefusal =
  | Exclude<PaymentRefusal, `CODE_${string}` | 'TERMINAL_LOCKED'>
  | CoolingRefusal
  | 'BILL_ALREADY_PAID'
  | 'WALLET_NOT_OPEN';

/** What is to be paid, under which number of the merchant. */
export type Due = Pick<Bill, 'merchantPaymentId' | 'merchantId' | 'storeId' | 'amount'> & {
  readonly terminalId: string | null;
};

/** Under which number the payer asks, for what, and when: the number pays once. */
export interface DueRequest {
  readonly id: string;
  readonly request: string;
  readonly at: Date;
}

/** Why nothing can be paid under a number of a merchant any more: it is paid, or it was cancelled, refused or let go for good. */
export function settledUnder(
  earlier: PaymentRecord | null,
): Refused<'BILL_ALREADY_PAID' | 'PAYMENT_CANCELLED_EARLIER'> | null {
  if (!earlier) return null;
  const isPaid = ['ACCEPTED', 'AUTHORIZED', 'UNDER_REVIEW'].includes(earlier.state);
  return refuse(isPaid ? 'BILL_ALREADY_PAID' : 'PAYMENT_CANCELLED_EARLIER');
}

/**
 * The first answer to a number under which something was paid already, as far as it is still true; null for a number that
 * is new.
 */
export async function paidUnder(
  { bills, payments }: WalletWork,
  { id, request }: Pick<DueRequest, 'id' | 'request'>,
): Promise<Payment | Refused<'PAYMENT_ID_REUSED' | 'PAYMENT_CANCELLED_EARLIER'> | null> {
  const earlier = await bills.request(id);
  if (!earlier) return null;
  if (earlier.request !== request) return refuse('PAYMENT_ID_REUSED');
  const record = await payments.find(earlier.paymentId);
  assert(record && isPayment(record), 'a request that was noted has its payment');
  return asItStands(record);
}

/**
 * Takes what is due from the wallet of a member: the record under the merchant’s number, the entry, the refusals of any payment. A refusal
 * leaves no trace.
 */
export async function payDue(
  work: WalletWork,
  due: Due,
  asked: DueRequest & { readonly memberId: string; readonly generation: number },
): Promise<Payment | Refused<PayDueRefusal>> {
  const { payments, wallets, stores, bills } = work;
  const { merchantPaymentId, merchantId, storeId, terminalId, amount } = due;
  const { id, request, at, memberId, generation } = asked;
  if (amount > PAYMENT_LIMIT) return refuse('AMOUNT_TOO_LARGE', { limit: PAYMENT_LIMIT });
  if (!(await stores.isSelling(storeId))) return refuse('STORE_NOT_SELLING');
  const paymentId = paymentIdOf(merchantId, merchantPaymentId);
  const settled = settledUnder(await payments.find(paymentId));
  if (settled) return settled;
  const wallet = await wallets.findByMember(memberId);
  if (!wallet) return refuse('WALLET_NOT_OPEN');
  if (wallet.state !== 'OPEN') return refuse('WALLET_FROZEN');

  const record: PaymentRecord = {
    id: paymentId,
    merchantPaymentId,
    merchantId,
    storeId,
    terminalId,
    request,
    state: 'ACCEPTED',
    amount,
    authorizedUntil: null,
    review: null,
    refunded: 0,
    refunds: 0,
    walletId: wallet.id,
    memberId: wallet.memberId,
    at,
    businessDate: businessDate(at),
    cancelledAt: null,
    refusal: null,
    generation,
  };
  const payment = await book(work, record, AT_ONCE);
  if (isRefused(payment)) {
    const cooling = await work.coolings.of(wallet.memberId, at);
    return orCooling(payment as Refused<PayDueRefusal>, cooling, at);
  }
  await payments.insert(payment);
  await bills.noteRequest({ id, request, paymentId, at });
  return payment;
}
