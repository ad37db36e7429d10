import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { TerminalViewer } from '@7pay/graphql';
import { derivedId } from '@7pay/ids';
import type { Yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { paymentIdOf } from '../payment/accept-payment.ts';
import { PAYMENT_LIMIT } from '../payment/payment.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { type Bill, billExpiry } from './bill.ts';

export type CreateBillRefusal = 'AMOUNT_TOO_LARGE' | 'PAYMENT_ID_REUSED' | 'STORE_NOT_SELLING';

/**
 * Makes the bill that a terminal shows as a code. The same number and amount again is the same bill, and never a longer life; a number under which
 * something was paid, refused or cancelled already makes no bill.
 */
export const createBill =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (
    viewer: TerminalViewer,
    { merchantPaymentId, amount }: { merchantPaymentId: string; amount: Yen },
  ): Promise<Bill | Refused<CreateBillRefusal | ControlsRefusal>> => {
    const { merchantId, storeId, terminalId } = viewer;
    const allowed = controls.guard('payment', 'payment.mpm', `payment.store.${storeId}`);
    const id = derivedId('bil', merchantId, merchantPaymentId);
    return unitOfWork(async ({ bills, payments, stores }) => {
      const earlier = await bills.find(id);
      if (earlier) {
        const isSame = earlier.amount === amount && earlier.storeId === storeId;
        return isSame ? earlier : refuse('PAYMENT_ID_REUSED');
      }
      if (isRefused(allowed)) return allowed;
      if (amount > PAYMENT_LIMIT) return refuse('AMOUNT_TOO_LARGE', { limit: PAYMENT_LIMIT });
      if (!(await stores.isSelling(storeId))) return refuse('STORE_NOT_SELLING');
      if (await payments.find(paymentIdOf(merchantId, merchantPaymentId))) {
        return refuse('PAYMENT_ID_REUSED');
      }
      const at = clock.now();
      const bill: Bill = {
        id,
        merchantPaymentId,
        merchantId,
        storeId,
        terminalId,
        amount,
        issuedAt: at,
        expiresAt: billExpiry(at),
      };
      await bills.insert(bill);
      return bill;
    });
  };
