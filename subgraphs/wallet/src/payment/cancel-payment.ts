import type { Controls } from '@7pay/controls';
import type { TerminalViewer } from '@7pay/graphql';
import type { Yen } from '@7pay/money';
import { businessDate, type Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { endUndecided } from '../review/review.ts';
import { tellOfReview } from '../review/tell-of-review.ts';
import { paymentIdOf } from './accept-payment.ts';
import { giveBack } from './give-back.ts';
import { letGo } from './let-go.ts';
import { askedBy, cancelEntry } from './payment-entries.ts';
import { isPayment, type Payment } from './payment.ts';
import { readTaken } from './read-taken.ts';

/** The final word on a payment number: never charged, or charged and given back. */
export type Cancelled =
  | { readonly outcome: 'NOT_CHARGED' }
  | { readonly outcome: 'REVERSED'; readonly amount: Yen; readonly payment: Payment };

/**
 * Cancels a payment by the merchant's own number. It may arrive before the payment: then it takes the payment's
 * place under the same id, and whichever of the two is written first wins, once. Never stopped by a switch:
 * it only gives back. What is only held is let go; what was refunded in part is given back to the full.
 */
export const cancelPayment =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (viewer: TerminalViewer, request: { merchantPaymentId: string }): Promise<Cancelled> => {
    const { merchantId, storeId, terminalId } = viewer;
    const id = paymentIdOf(merchantId, request.merchantPaymentId);
    return unitOfWork(async (work) => {
      const { payments } = work;
      const at = clock.now();
      const earlier = await payments.find(id);
      if (!earlier) {
        await payments.insert({
          id,
          merchantPaymentId: request.merchantPaymentId,
          merchantId,
          storeId,
          terminalId,
          request: null,
          state: 'VOIDED',
          amount: null,
          authorizedUntil: null,
          review: null,
          refunded: 0,
          refunds: 0,
          walletId: null,
          memberId: null,
          at,
          businessDate: businessDate(at),
          cancelledAt: at,
          refusal: null,
          generation: controls.generation,
        });
        return { outcome: 'NOT_CHARGED' };
      }
      if (!isPayment(earlier) || earlier.state === 'RELEASED') return { outcome: 'NOT_CHARGED' };
      if (earlier.state === 'CANCELLED') {
        return { outcome: 'REVERSED', amount: earlier.amount, payment: earlier };
      }
      const { generation } = controls;
      const told = { at, generation, asker: viewer };
      if (earlier.state === 'AUTHORIZED') {
        await letGo(work, earlier, told, { cancelledAt: at });
        return { outcome: 'NOT_CHARGED' };
      }
      if (earlier.state === 'UNDER_REVIEW') {
        const review = endUndecided(earlier.review, 'CANCELLED', at);
        const released = await letGo(work, earlier, told, { cancelledAt: at, review });
        await tellOfReview(work, released, 'PAYMENT_NOT_MADE', at);
        return { outcome: 'NOT_CHARGED' };
      }
      const payment: Payment = {
        ...earlier,
        state: 'CANCELLED',
        refunded: earlier.amount,
        cancelledAt: at,
      };
      if (earlier.refunded < earlier.amount) {
        const taken = await readTaken(work, earlier);
        const plan = cancelEntry(taken, at, generation);
        await giveBack(work, askedBy(plan, viewer), earlier);
      }
      await payments.change(earlier, payment);
      return { outcome: 'REVERSED', amount: earlier.amount, payment };
    });
  };
