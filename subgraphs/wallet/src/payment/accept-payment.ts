import type { Controls, ControlsRefusal } from '@7pay/controls';
import { derivedId, digest } from '@7pay/ids';
import type { FirstPlan } from '@7pay/ledger';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { limitsWhile } from '../cooling/cooling.ts';
import { readReviewFacts } from '../review/review-facts.ts';
import { beginReview, DATED_RULES, type Judge, type ReviewDecision } from '../review/review.ts';
import { tellOfReview } from '../review/tell-of-review.ts';
import { scanLock } from '../payment-code/bad-scans.ts';
import type { PresentCode, Presentation } from '../payment-code/present-code.ts';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { type HeldPayment, holdEntry, paymentEntry } from './payment-entries.ts';
import {
  answerAgain,
  type Payment,
  PAYMENT_LIMIT,
  type PaymentRecord,
  type PaymentRefusal,
  type PaymentRequest,
} from './payment.ts';

/** The id of a merchant's payment in our books: it follows from the merchant and its own number. */
export const paymentIdOf = (merchantId: string, merchantPaymentId: string): string =>
  derivedId('pay', merchantId, merchantPaymentId);

/** How the money of a payment is taken: at once, or held until the terminal captures it. */
export interface Booking {
  readonly name: 'accept' | 'authorize';
  readonly becomes: 'ACCEPTED' | 'AUTHORIZED';
  /** The payment as it will stand. */
  stand(
    record: PaymentRecord,
  ): Pick<PaymentRecord, 'state' | 'authorizedUntil'> & Partial<Pick<PaymentRecord, 'review'>>;
  entry(payment: Payment): FirstPlan;
}

/** Takes the money at once. */
export const AT_ONCE: Booking = {
  name: 'accept',
  becomes: 'ACCEPTED',
  stand: () => ({ state: 'ACCEPTED', authorizedUntil: null }),
  entry: paymentEntry,
};

/**
 * Accepts a payment that a terminal asks for with a code. The answer belongs to the merchant's own number for
 * ever: the same request again gets the same answer, refusals of the code or the wallet included, unless the payment was
 * cancelled or let go since (docs/flows/payment.md), and a code
 * is used up by its first presentation whatever the answer. What the judge wants looked at is held and not taken. Only a closed function, a store that may not sell, a
 * locked terminal and an amount over the limit leave no trace, so that the same number may come again.
 */
export const acceptPayment =
  (
    unitOfWork: WalletUnitOfWork,
    controls: Controls,
    clock: Clock,
    {
      presentCode,
      booking = AT_ONCE,
      judge = DATED_RULES,
    }: { presentCode: PresentCode; booking?: Booking; judge?: Judge },
  ) =>
  async (request: PaymentRequest): Promise<Payment | Refused<PaymentRefusal | ControlsRefusal>> => {
    const id = paymentIdOf(request.merchantId, request.merchantPaymentId);
    const requestDigest = digest({
      merchantId: request.merchantId,
      storeId: request.storeId,
      code: request.code,
      amount: request.amount,
      // The same number asked for in the other way is another request.
      ...(booking.name === 'accept' ? {} : { booking: booking.name }),
    });
    return unitOfWork(async (work) => {
      const earlier = await work.payments.find(id);
      if (earlier) return answerAgain(earlier, requestDigest); // also while payments are stopped
      // Asked each time the work runs: a switch that moved meanwhile has ended the code as well.
      const allowed = controls.guard('payment', `payment.store.${request.storeId}`);
      if (isRefused(allowed)) return allowed;
      if (request.amount > PAYMENT_LIMIT) {
        return refuse('AMOUNT_TOO_LARGE', { limit: PAYMENT_LIMIT });
      }
      if (!(await work.stores.isSelling(request.storeId))) return refuse('STORE_NOT_SELLING');

      const at = clock.now();
      const scans = await work.badScans.of(request.terminalId);
      const locked = scanLock(scans, at);
      if (locked) return locked; // it leaves no trace: the same number may come again
      const record: PaymentRecord = {
        id,
        merchantPaymentId: request.merchantPaymentId,
        merchantId: request.merchantId,
        storeId: request.storeId,
        terminalId: request.terminalId,
        request: requestDigest,
        state: 'ACCEPTED',
        amount: request.amount,
        authorizedUntil: null,
        review: null,
        refunded: 0,
        refunds: 0,
        walletId: null,
        memberId: null,
        at,
        businessDate: businessDate(at),
        cancelledAt: null,
        refusal: null,
        generation: allowed.generation,
      };
      const shown: Presentation = {
        digits: request.code,
        by: id,
        at,
        businessDate: record.businessDate,
        terminalId: request.terminalId,
        scans,
        spends: request.amount,
      };
      const payer = await presentCode(work, shown);
      const answer = isRefused(payer)
        ? payer
        : await judged(work, { record, payer }, booking, judge);
      if (isRefused(answer)) {
        await work.payments.insert({ ...record, state: 'REFUSED', refusal: answer });
        return answer;
      }
      await work.payments.insert(answer);
      return answer;
    });
  };

/** Books a payment whose payer is known as the judge decides: as it was asked for, or held for review. */
async function judged(
  work: WalletWork,
  { record, payer }: { record: PaymentRecord; payer: Payer },
  booking: Booking,
  judge: Judge,
): Promise<Payment | Refused<PaymentRefusal>> {
  const { walletId, memberId, since } = payer;
  const asked = { ...record, walletId, memberId };
  if ((record.amount ?? 0) < judge.fromYen(record.businessDate)) return book(work, asked, booking);
  const decision = judge.reviewOf(await readReviewFacts(work, asked, since));
  if (!decision) return book(work, asked, booking);
  const held = await book(work, asked, underReview(booking, decision));
  if (!isRefused(held)) await tellOfReview(work, held, 'PAYMENT_REVIEW', record.at);
  return held;
}
type Payer = Exclude<Awaited<ReturnType<PresentCode>>, Refused<string>>;

/** The same booking with its money held until somebody has decided. */
const underReview = (booking: Booking, decision: ReviewDecision): Booking => ({
  ...booking,
  stand: (record) => {
    const review = beginReview(decision, record.at, booking.becomes);
    const { authorizedUntil } = booking.stand(record);
    return { state: 'UNDER_REVIEW', review, authorizedUntil: authorizedUntil ?? review.until };
  },
  entry: (payment) => holdEntry(payment as HeldPayment),
});

/** Takes or holds the money of a payment whose payer is known. */
export async function book(
  { session, ledger, coolings }: WalletWork,
  record: PaymentRecord,
  booking: Booking,
): Promise<Payment | Refused<PaymentRefusal>> {
  const payment = { ...record, ...booking.stand(record) } as Payment;
  const plan = booking.entry(payment);
  const cooling = await coolings.of(payment.memberId, payment.at);
  const limits = limitsWhile(cooling, payment.at);
  const passes = plan.passes && { ...plan.passes, limits: { ...plan.passes.limits, ...limits } };
  const entry = await ledger.post(session, passes ? { ...plan, passes } : plan);
  return isRefused(entry) ? (entry as Refused<PaymentRefusal>) : payment;
}
