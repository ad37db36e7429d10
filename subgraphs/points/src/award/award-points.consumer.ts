import { consume } from '@7pay/events';
import type { JournalEntry } from '@7pay/ledger';
import type { awardPoints, reverseAward } from './award-points.ts';

/** Hears that a payment was booked. The journal entry is the event. */
export const awardOnPayment = (award: ReturnType<typeof awardPoints>) =>
  consume<JournalEntry>('ledger.payment.v1', ({ body: { ref, legs, businessDate } }) =>
    award({
      paymentId: ref['paymentId']!,
      memberId: ref['memberId']!,
      walletId: ref['walletId']!,
      amount: legs.find(({ side }) => side === 'debit')!.amount,
      businessDate,
    }),
  );

/** Hears that a payment was undone. */
export const reverseOnCancel = (reverse: ReturnType<typeof reverseAward>) =>
  consume<JournalEntry>('ledger.payment-cancel.v1', ({ body: { ref } }) =>
    reverse({
      paymentId: ref['paymentId']!,
      memberId: ref['memberId']!,
      walletId: ref['walletId']!,
    }),
  );
