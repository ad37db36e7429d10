import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { AgreementViewer } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { paidUnder, payDue, type PayDueRefusal } from '../bill/pay-due.ts';
import type { Payment } from '../payment/payment.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import { type AskedPayment, judgeAgreed } from './agreement.ts';

export type PayAsAgreedRefusal = PayDueRefusal | 'PAYMENT_NOT_AS_AGREED' | 'STEP_UP_REQUIRED';

/**
 * Makes the one payment that a member agreed to at 7iD, for the partner whose token says so. The number is the partner’s own of the
 * agreement: it pays once for all time, whatever token it comes with, and the same again gets the first answer. A refusal writes nothing.
 */
export const payAsAgreed =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (
    viewer: AgreementViewer,
    { storeId, amount }: AskedPayment,
  ): Promise<Payment | Refused<PayAsAgreedRefusal | ControlsRefusal>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const { clientId, memberId, agreed } = viewer;
    const id = derivedId('pay', 'agreed', clientId, agreed.paymentId);
    const request = digest({ memberId, agreed, storeId, amount });
    return unitOfWork(async (work) => {
      const merchantId = await work.stores.merchantOf(storeId);
      if (merchantId === null) return refuse('STORE_NOT_SELLING');
      const otherwise = judgeAgreed(agreed, { amount, merchantId });
      if (otherwise) return otherwise;
      const earlier = await paidUnder(work, { id, request });
      if (earlier) return earlier; // also while payments are stopped
      const allowed = controls.guard('payment', 'payment.agreed', `payment.store.${storeId}`);
      if (isRefused(allowed)) return allowed;
      const { generation } = allowed;
      const merchantPaymentId = `agreed:${id.replace(/^pay_/, '')}`;
      const due = { merchantPaymentId, merchantId, storeId, terminalId: null, amount };
      return payDue(work, due, { id, request, at: clock.now(), memberId, generation });
    });
  };
