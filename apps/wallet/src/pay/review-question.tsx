import {
  AmountText,
  Button,
  ErrorPanel,
  formatClock,
  Icon,
  locale,
  RefusalPanel,
  strongAcr,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PaymentWithPoints, ReviewReason } from '../operations.ts';
import { confirmMyPayment, denyMyPayment } from '../review-operations.ts';
import { type Word, t } from '../words.ts';
import { useWorld } from '../world.ts';

const reasonWords: Readonly<Record<ReviewReason, Word>> = {
  UNUSUAL_AMOUNT: 'reviewUnusual',
  NEW_DEVICE: 'reviewNewDevice',
  LIMIT_RAISED: 'reviewLimitRaised',
  CONTACT_CHANGED: 'reviewContactChanged',
};

/** A10: is this payment yours? Yes lets it through; no lets it go, and stops the wallet unless one wishes otherwise. */
export function ReviewQuestion(props: {
  payment: PaymentWithPoints;
  onAnswered: () => void;
}): JSX.Element {
  const { payment, onAnswered } = props;
  const { graph, session } = useWorld();
  const [freeze, setFreeze] = useState(true);
  const [yes, confirm] = useMutation(graph, confirmMyPayment, {
    root: 'confirmMyPayment',
    success: ['PaymentReviewDecided'],
  });
  const [no, deny] = useMutation(graph, denyMyPayment, {
    root: 'denyMyPayment',
    success: ['PaymentReviewDecided'],
  });
  const { id: paymentId, review, store, amount } = payment;
  const prove = () =>
    void session.signIn({ returnTo: `/wallet/done/${paymentId}`, acr: strongAcr, anew: true });
  const answer = async (sent: ReturnType<typeof confirm> | ReturnType<typeof deny>) => {
    const outcome = await sent;
    // Decided elsewhere meanwhile: the page shows how it stands.
    const isOver = 'refusal' in outcome && outcome.refusal.__typename === 'ReviewEnded';
    if ('done' in outcome || isOver) onAnswered();
  };
  const refusal = yes.refusal ?? no.refusal;
  const fault = yes.fault ?? no.fault;
  return (
    <section class="stack" aria-labelledby="review">
      <div class="done done--asked stack">
        <Icon name="care" size="72px" />
        <h2 id="review">{t('reviewQuestion')}</h2>
        <p>{store?.name ?? t('storeUnavailable')}</p>
        <AmountText yen={amount} large />
      </div>
      {review && (
        <>
          <p>{t('reviewUntil', { time: formatClock(review.until, locale.value) })}</p>
          <ul>
            {review.reasons.map((reason) => (
              <li key={reason}>{t(reasonWords[reason])}</li>
            ))}
          </ul>
        </>
      )}
      {fault && <ErrorPanel fault={fault} onLogInAgain={prove} />}
      {refusal && (
        <RefusalPanel refusal={refusal}>
          {refusal.__typename === 'StepUpRequired' && <Button onClick={prove}>{t('prove')}</Button>}
        </RefusalPanel>
      )}
      <Button
        wide
        busy={yes.busy}
        disabled={no.busy}
        onClick={() => void answer(confirm({ paymentId }))}
      >
        {t('reviewYes')}
      </Button>
      <label class="field__choice">
        <input type="checkbox" checked={freeze} onChange={() => setFreeze(!freeze)} />
        {t('reviewFreeze')}
      </label>
      <Button
        kind="danger"
        wide
        busy={no.busy}
        disabled={yes.busy}
        onClick={() => void answer(deny({ input: { paymentId, freeze } }))}
      >
        {t('reviewNo')}
      </Button>
    </section>
  );
}
