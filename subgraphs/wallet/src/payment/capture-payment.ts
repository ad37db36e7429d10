import assert from 'node:assert/strict';
import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { TerminalViewer } from '@7pay/graphql';
import { type Yen, yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { paymentIdOf } from './accept-payment.ts';
import { askedBy, captureEntry, holdEntryId } from './payment-entries.ts';
import { type FollowUpRefusal, isOverdue, isPayment, type Payment } from './payment.ts';

/**
 * Captures a payment that was only held, in part or whole; the rest is let go. Captured once: the same amount again is
 * answered with the same payment, another amount is refused. While payments are stopped nothing is captured: a hold is
 * money that has not left the wallet yet.
 */
export const capturePayment =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (
    viewer: TerminalViewer,
    request: { merchantPaymentId: string; amount?: Yen | null },
  ): Promise<Payment | Refused<FollowUpRefusal | ControlsRefusal>> => {
    const allowed = controls.guard('payment', `payment.store.${viewer.storeId}`);
    const id = paymentIdOf(viewer.merchantId, request.merchantPaymentId);
    return unitOfWork(async ({ session, payments, ledger }) => {
      const payment = await payments.find(id);
      if (!payment || !isPayment(payment)) return refuse('PAYMENT_UNKNOWN');
      const amount = request.amount ?? payment.amount;
      if (payment.state === 'ACCEPTED' && payment.authorizedUntil && amount === payment.amount) {
        return payment; // also while payments are stopped
      }
      if (isRefused(allowed)) return allowed;
      if (payment.state !== 'AUTHORIZED') return refuse('PAYMENT_NOT_AUTHORIZED');
      const at = clock.now();
      if (isOverdue(payment, at)) return refuse('HOLD_NOT_OPEN');
      if (amount > payment.amount) return refuse('CAPTURE_ABOVE_HOLD', { held: payment.amount });
      const hold = await ledger.entry(session, holdEntryId(payment));
      assert(hold, 'an authorized payment has its hold');
      const plan = captureEntry(payment, { hold, amount }, at, allowed.generation);
      const entry = await ledger.post(session, askedBy(plan, viewer));
      if (isRefused(entry)) return entry as Refused<FollowUpRefusal>;
      const captured: Payment = { ...payment, state: 'ACCEPTED', amount: yen(amount) };
      await payments.change(payment, captured);
      return captured;
    });
  };
