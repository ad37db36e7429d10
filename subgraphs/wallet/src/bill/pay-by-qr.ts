import assert from 'node:assert/strict';
import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import type { Yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { AT_ONCE, book, paymentIdOf } from '../payment/accept-payment.ts';
import { type CoolingRefusal, orCooling } from '../cooling/cooling.ts';
import {
  isPayment,
  type Payment,
  PAYMENT_LIMIT,
  type PaymentRecord,
  type PaymentRefusal,
} from '../payment/payment.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import { type Bill, type BillRefusal, payable } from './bill.ts';

export type PayByQrRefusal =
  | Exclude<PaymentRefusal, `CODE_${string}` | 'TERMINAL_LOCKED'>
  | BillRefusal
  | CoolingRefusal
  | 'STEP_UP_REQUIRED'
  | 'WALLET_NOT_OPEN';

/** What a member pays: a bill, whose amount is the terminal’s, or an amount of one’s own in a store. */
export type QrPayment = { readonly requestId: string } & (
  | { readonly billId: string }
  | { readonly storeId: string; readonly amount: Yen }
);
type Due = Pick<Bill, 'merchantPaymentId' | 'merchantId' | 'storeId' | 'amount'> & {
  readonly terminalId: string | null;
};
type Answer = Payment | Refused<PayByQrRefusal | ControlsRefusal>;

/**
 * Pays what a store’s code asks for. The payment is the same as one that a terminal takes: the record under the merchant’s number, the entry, the
 * refusals. A member’s own number pays once, whatever it is sent with; a refusal leaves no trace, so that the bill can be paid
 * after a top-up, or by somebody else. Two that pay one bill at once meet at the merchant’s number.
 */
export const payByQr =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (viewer: MemberViewer, asked: QrPayment): Promise<Answer> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const { requestId, ...what } = asked;
    const id = derivedId('pay', 'member', viewer.memberId, requestId);
    const request = digest(what);
    return unitOfWork(async (work) => {
      const { bills, payments, wallets, stores } = work;
      const earlier = await bills.request(id);
      if (earlier) return earlier.request === request ? known(work, earlier.paymentId) : reused();
      const at = clock.now();
      const due = await dueOf(work, { asked, requestKey: id, at });
      if (isRefused(due)) return due;
      const { merchantPaymentId, merchantId, storeId, terminalId, amount } = due;
      const allowed = controls.guard('payment', 'payment.mpm', `payment.store.${storeId}`);
      if (isRefused(allowed)) return allowed;
      if (amount > PAYMENT_LIMIT) return refuse('AMOUNT_TOO_LARGE', { limit: PAYMENT_LIMIT });
      if (!(await stores.isSelling(storeId))) return refuse('STORE_NOT_SELLING');
      const paymentId = paymentIdOf(merchantId, merchantPaymentId);
      const taken = await payments.find(paymentId);
      if (taken?.state === 'VOIDED') return refuse('PAYMENT_CANCELLED_EARLIER');
      if (taken) return refuse('BILL_ALREADY_PAID');
      const wallet = await wallets.findByMember(viewer.memberId);
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
        generation: allowed.generation,
      };
      const payment = await book(work, record, AT_ONCE);
      if (isRefused(payment)) {
        const cooling = await work.coolings.of(wallet.memberId, at);
        return orCooling(payment as Refused<PayByQrRefusal>, cooling, at);
      }
      await payments.insert(payment);
      await bills.noteRequest({ id, request, paymentId, at });
      return payment;
    });
  };

const reused = () => refuse('PAYMENT_ID_REUSED');

async function known({ payments }: WalletWork, paymentId: string): Promise<Payment> {
  const record = await payments.find(paymentId);
  assert(record && isPayment(record), 'a request that was noted has its payment');
  return record;
}

async function dueOf(
  { bills, stores }: WalletWork,
  { asked, requestKey, at }: { asked: QrPayment; requestKey: string; at: Date },
): Promise<Due | Refused<BillRefusal | 'STORE_NOT_SELLING'>> {
  if ('billId' in asked) return payable(await bills.find(asked.billId), at);
  const merchantId = await stores.merchantOf(asked.storeId);
  if (merchantId === null) return refuse('STORE_NOT_SELLING');
  // No terminal made a number: it follows from the member’s, and the store finds the payment under it.
  const merchantPaymentId = `mpm:${requestKey.replace(/^pay_/, '')}`;
  const { storeId, amount } = asked;
  return { merchantPaymentId, merchantId, storeId, terminalId: null, amount };
}
