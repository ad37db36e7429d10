import {
  AmountText,
  formatClock,
  formatDay,
  formatPoints,
  formatYen,
  locale,
  StatusPill,
} from '@7pay/ui';
import type { JSX } from 'preact';
import type { Payment, PaymentWithPoints } from './operations.ts';
import { type Word, t } from './words.ts';

const notFinal: Readonly<Partial<Record<Payment['state'], Word>>> = {
  AUTHORIZED: 'heldTitle',
  UNDER_REVIEW: 'reviewTitle',
  CANCELLED: 'cancelled',
  RELEASED: 'notMadeTitle',
};

/** One purchase in a list: where, when, how much, what was given back of it, what it earned, and whether it was cancelled. */
export function PaymentRow({ payment }: { payment: Payment | PaymentWithPoints }): JSX.Element {
  const { store, merchant, acceptedAt, amount, state, refunded } = payment;
  const cancelled = state === 'CANCELLED' || state === 'RELEASED';
  return (
    <li class="payment">
      <a class="payment__store" href={`/wallet/done/${payment.id}`}>
        {store?.name ?? t('storeUnavailable')}
      </a>
      <span class={`payment__amount${cancelled ? ' payment__amount--cancelled' : ''}`}>
        <AmountText yen={amount} />
      </span>
      <span class="muted small">
        {formatDay(acceptedAt, locale.value)} {formatClock(acceptedAt, locale.value)}
        {merchant && merchant.name !== store?.name && ` · ${merchant.name}`}
        {!cancelled &&
          refunded > 0 &&
          ` · ${t('refundedPart', { amount: formatYen(refunded, locale.value) })}`}
      </span>
      <span class="small payment__end">
        {notFinal[state] ? (
          <StatusPill
            tone={state === 'UNDER_REVIEW' ? 'caution' : 'quiet'}
            word={t(notFinal[state])}
          />
        ) : (
          'pointsState' in payment && <span class="muted">{pointsOf(payment)}</span>
        )}
      </span>
    </li>
  );
}

function pointsOf({ pointsState, pointsEarned }: PaymentWithPoints): string {
  if (pointsState === null || pointsEarned === null) return t('pointsUnavailable');
  return pointsState === 'PENDING'
    ? t('pointsPending')
    : `+${formatPoints(pointsEarned, locale.value)}`;
}
