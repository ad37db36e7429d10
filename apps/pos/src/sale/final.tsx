import { AmountText, Button, formatTime, Icon, locale, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import type { Payment } from '../operations.ts';
import type { CancelOutcome } from './sale.ts';

/** P5: one word, the amount, the number of the approval. */
export function Approved(props: { payment: Payment; onNext: () => void }): JSX.Element {
  const { payment, onNext } = props;
  return (
    <Page title={t('approved')} face={t('name')} quietTitle>
      <div class="result result--success" role="status">
        <Icon name="done" size="96px" />
        <p class="result-word">{t('approved')}</p>
        <AmountText yen={payment.amount} large />
      </div>
      <dl class="facts">
        <dt>{t('approvalNumber')}</dt>
        <dd>
          <code>{payment.id}</code>
        </dd>
        <dt>{t('time')}</dt>
        <dd>{formatTime(payment.acceptedAt, locale.value)}</dd>
      </dl>
      <Button wide onClick={onNext}>
        {t('nextCustomer')}
      </Button>
    </Page>
  );
}

/** The final answer of a cancel: no money moved, or it went back. */
export function Cancelled(props: {
  outcome: CancelOutcome;
  amount: number;
  onNext: () => void;
}): JSX.Element {
  const { outcome, amount, onNext } = props;
  return (
    <Page title={t('cancelledTitle')} face={t('name')} quietTitle>
      <div class="result result--quiet" role="status">
        <Icon name="back" size="96px" />
        <p class="result-word">{t('cancelledTitle')}</p>
        <AmountText yen={amount} large />
        <p>{outcome === 'REVERSED' ? t('reversed') : t('notCharged')}</p>
      </div>
      <p class="say">
        <strong>{t('tellCustomer')}</strong>
        <br />
        {outcome === 'REVERSED' ? t('sayReversed') : t('sayNotCharged')}
      </p>
      <Button wide onClick={onNext}>
        {t('nextCustomer')}
      </Button>
    </Page>
  );
}
