import type { Controls } from '@7pay/controls';
import type { TerminalViewer } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import type { Yen } from '@7pay/money';
import { type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { paymentIdOf } from './accept-payment.ts';
import { giveBack } from './give-back.ts';
import { askedBy, refundEntry } from './payment-entries.ts';
import type { PaymentRefund } from './payment-refund.ts';
import { type FollowUpRefusal, isPayment, type Payment, refundable } from './payment.ts';
import { readTaken } from './read-taken.ts';

/** A refund, and the payment as it stands after it. */
export interface Refunded {
  readonly refund: PaymentRefund;
  readonly payment: Payment;
}

export interface RefundRequest {
  readonly merchantPaymentId: string;
  /** Made by the merchant: sent twice, it refunds once. */
  readonly refundId: string;
  readonly amount: Yen;
  readonly reason?: string | null;
}

/**
 * Gives a part of a payment back to the lots it was paid from, as often as something is left. Any terminal of the
 * merchant may do it. Never stopped by a switch: it only gives back.
 */
export const refundPayment =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (
    viewer: TerminalViewer,
    request: RefundRequest,
  ): Promise<Refunded | Refused<FollowUpRefusal>> => {
    const { merchantId } = viewer;
    const { merchantPaymentId, refundId, amount, reason } = request;
    const paymentId = paymentIdOf(merchantId, merchantPaymentId);
    const id = derivedId('rfd', merchantId, refundId);
    const requestDigest = digest({ paymentId, amount, reason: reason ?? '' });
    return unitOfWork(async (work) => {
      const { payments, refunds } = work;
      const earlier = await refunds.find(id);
      const payment = await payments.find(paymentId);
      if (earlier && (earlier.request !== requestDigest || !payment || !isPayment(payment))) {
        return refuse('REFUND_ID_REUSED');
      }
      if (!payment || !isPayment(payment)) return refuse('PAYMENT_UNKNOWN');
      if (earlier) return { refund: earlier, payment };
      if (payment.state !== 'ACCEPTED') return refuse('PAYMENT_NOT_REFUNDABLE');
      const left = refundable(payment);
      if (amount > left) return refuse('REFUND_ABOVE_PAYMENT', { left });

      const at = clock.now();
      const taken = await readTaken(work, payment);
      const plan = refundEntry(taken, { id, amount }, at, controls.generation);
      await giveBack(work, askedBy(plan, viewer), payment);
      const refund: PaymentRefund = {
        id,
        paymentId,
        refundId,
        request: requestDigest,
        n: payment.refunds + 1,
        amount,
        reason: reason ?? '',
        at,
      };
      const after: Payment = {
        ...payment,
        refunded: payment.refunded + amount,
        refunds: payment.refunds + 1,
      };
      await refunds.insert(refund);
      await payments.change(payment, after);
      return { refund, payment: after };
    });
  };
