import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import type { Yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { Payment } from '../payment/payment.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import { type BillRefusal, payable } from './bill.ts';
import { type Due, paidUnder, payDue, type PayDueRefusal } from './pay-due.ts';

export type PayByQrRefusal = PayDueRefusal | BillRefusal | 'STEP_UP_REQUIRED';

/** What a member pays: a bill, whose amount is the terminal’s, or an amount of one’s own in a store. */
export type QrPayment = { readonly requestId: string } & (
  | { readonly billId: string }
  | { readonly storeId: string; readonly amount: Yen }
);
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
      const earlier = await paidUnder(work, { id, request });
      if (earlier) return earlier;
      const at = clock.now();
      const due = await dueOf(work, { asked, requestKey: id, at });
      if (isRefused(due)) return due;
      const allowed = controls.guard('payment', 'payment.mpm', `payment.store.${due.storeId}`);
      if (isRefused(allowed)) return allowed;
      const { generation } = allowed;
      return payDue(work, due, { id, request, at, memberId: viewer.memberId, generation });
    });
  };

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
