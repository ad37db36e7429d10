import assert from 'node:assert/strict';
import type { Controls, ControlsRefusal } from '@7pay/controls';
import { type MemberViewer, notFound } from '@7pay/graphql';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { freezeAsMember } from '../freeze/freeze-wallet.ts';
import { letGo } from '../payment/let-go.ts';
import { captureEntry, holdEntryId } from '../payment/payment-entries.ts';
import { isPayment, type Payment } from '../payment/payment.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import { endReview, type EndedReview, type ReviewRefusal } from './review.ts';
import { tellOfReview } from './tell-of-review.ts';

export type DecideRefusal = ReviewRefusal | ControlsRefusal | 'STEP_UP_REQUIRED' | 'WALLET_FROZEN';
type Decided = Promise<Payment | Refused<DecideRefusal>>;
type Decision = Omit<EndedReview, 'at'> & {
  readonly how: 'CONFIRMED' | 'DENIED' | 'ALLOWED' | 'REFUSED';
};

/** The member says that the payment is their own. It is money that leaves: proven strongly, and not while payments are stopped. */
export const confirmMyPayment =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (viewer: MemberViewer, { paymentId }: { paymentId: string }): Decided => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const by = viewer.memberId;
    return unitOfWork(async (work) => {
      const payment = await ofMember(work, paymentId, by);
      return decide(work, payment, { how: 'CONFIRMED', by, note: '' }, { controls, clock });
    });
  };

/** The member says that it is not. Whoever is shown it may stop it; the wallet is frozen as well if wished. */
export const denyMyPayment =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (
    { memberId: by }: MemberViewer,
    { paymentId, freeze }: { paymentId: string; freeze: boolean },
  ): Decided =>
    unitOfWork(async (work) => {
      const payment = await ofMember(work, paymentId, by);
      if (freeze) {
        const told = { at: clock.now(), generation: controls.generation };
        const frozen = await freezeAsMember(work, by, told);
        assert(!isRefused(frozen) || frozen.refused === 'WALLET_CLOSED', 'who paid has a wallet');
      }
      return decide(work, payment, { how: 'DENIED', by, note: '' }, { controls, clock });
    });

/** The support desk lets it through or not, and says why. Nobody decides on a payment of their own. */
export const decideHeldPayment =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (
    { memberId: by }: MemberViewer,
    { paymentId, how, note }: { paymentId: string; how: 'ALLOWED' | 'REFUSED'; note: string },
  ): Decided =>
    unitOfWork(async (work) => {
      const payment = await work.payments.find(paymentId);
      if (!payment || !isPayment(payment) || !payment.review) throw notFound();
      if (payment.memberId === by) return refuse('SECOND_PERSON_REQUIRED');
      return decide(work, payment, { how, by, note }, { controls, clock });
    });

async function ofMember(
  { payments }: WalletWork,
  paymentId: string,
  memberId: string,
): Promise<Payment> {
  const payment = await payments.find(paymentId);
  const isTheirs = payment && isPayment(payment) && payment.memberId === memberId;
  if (!isTheirs || !payment.review) throw notFound();
  return payment;
}

/** Ends the review in the unit of work: the payment goes through or is let go. Said again by the same person, it is the answer. */
async function decide(
  work: WalletWork,
  payment: Payment,
  decision: Decision,
  { controls, clock }: { controls: Controls; clock: Clock },
): Decided {
  assert(payment.review, 'only what is under review is decided');
  const { ended } = payment.review;
  if (ended && ended.how === decision.how && ended.by === decision.by) return payment;
  const at = clock.now();
  const review = endReview(payment.review, { ...decision, at });
  if (isRefused(review)) return review;
  if (decision.how === 'DENIED' || decision.how === 'REFUSED') {
    const told = { at, generation: controls.generation };
    const released = await letGo(work, payment, told, { review });
    await tellOfReview(work, released, 'PAYMENT_NOT_MADE', at);
    return released;
  }
  const allowed = controls.guard('payment', `payment.store.${payment.storeId}`);
  if (isRefused(allowed)) return allowed;
  const through: Payment = { ...payment, review, state: review.becomes };
  if (review.becomes === 'ACCEPTED') {
    const { session, ledger } = work;
    const hold = await ledger.entry(session, holdEntryId(payment));
    assert(hold, 'what is under review is held');
    const plan = captureEntry(payment, { hold, amount: payment.amount }, at, allowed.generation);
    const entry = await ledger.post(session, plan);
    if (isRefused(entry)) {
      return entry.refused === 'WALLET_FROZEN' ? refuse('WALLET_FROZEN') : refuse('REVIEW_ENDED');
    }
  } else {
    // A hold that goes on moves nothing: the state of the wallet is asked by itself.
    const wallet = await work.wallets.find(payment.walletId);
    if (wallet?.state !== 'OPEN') return refuse('WALLET_FROZEN');
  }
  await work.payments.change(payment, through);
  return through;
}
