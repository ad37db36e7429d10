import { consume } from '@7pay/events';
import type { JournalEntry } from '@7pay/ledger';
import type { awardPoints } from './award-points.ts';
import type { reverseAward } from './reverse-award.ts';

const paidOf = ({ ref, legs, businessDate }: JournalEntry) => ({
  paymentId: ref['paymentId']!,
  memberId: ref['memberId']!,
  walletId: ref['walletId']!,
  amount: legs.find(({ side }) => side === 'debit')!.amount,
  businessDate,
});

/** Hears that a payment was booked. The journal entry is the event. */
export const awardOnPayment = (award: ReturnType<typeof awardPoints>) =>
  consume<JournalEntry>('ledger.payment.v1', ({ body }) => award(paidOf(body)));

/** Hears that a payment that was held is captured. */
export const awardOnCapture = (award: ReturnType<typeof awardPoints>) =>
  consume<JournalEntry>('ledger.payment-capture.v1', ({ body }) => award(paidOf(body)));

/** Hears that a payment was undone. */
export const reverseOnCancel = (reverse: ReturnType<typeof reverseAward>) =>
  consume<JournalEntry>('ledger.payment-cancel.v1', ({ body }) =>
    reverse({ ...paidOf(body), n: body.reverses!.n, cancelled: true }),
  );

/** Hears that a part of a payment was given back. */
export const reverseOnRefund = (reverse: ReturnType<typeof reverseAward>) =>
  consume<JournalEntry>('ledger.payment-refund.v1', ({ body }) =>
    reverse({ ...paidOf(body), n: body.reverses!.n, cancelled: false }),
  );
