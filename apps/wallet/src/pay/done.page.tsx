import {
  AmountText,
  ErrorPanel,
  formatTime,
  Icon,
  type IconName,
  Loading,
  locale,
  Page,
  useAnswer,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { type Payment, paymentQuery, type PaymentWithPoints } from '../operations.ts';
import { type Word, t } from '../words.ts';
import { useWorld } from '../world.ts';
import { earnedPoints } from './earned-points.ts';
import { ReviewQuestion } from './review-question.tsx';

const ends: Readonly<Record<Exclude<Payment['state'], 'UNDER_REVIEW'>, readonly [Word, IconName]>> =
  {
    ACCEPTED: ['doneTitle', 'done'],
    AUTHORIZED: ['heldTitle', 'wait'],
    CANCELLED: ['cancelledTitle', 'back'],
    RELEASED: ['notMadeTitle', 'back'],
  };

/** A6: unmistakable completion; or the question whether it is the member who pays. */
export function DonePage(): JSX.Element {
  const { graph } = useWorld();
  const id = useRoute().params['id'] ?? '';
  const asked = useAnswer((signal) => graph(paymentQuery, { id }, { signal }), {
    key: id,
    everyMs: 5_000, // the points follow the payment a moment later; a cancellation may, too
  });
  const payment = asked.data?.payment;
  useEffect(() => {
    if (payment) navigator.vibrate?.(200);
  }, [payment?.id]);

  if (!payment) {
    return (
      <Page title={t('doneTitle')} face={t('face')} quietTitle>
        {asked.fault ? <ErrorPanel fault={asked.fault} onRetry={asked.again} /> : <Loading />}
        {asked.data && <p>{t('paymentUnknown')}</p>}
        <a href="/wallet/">{t('toHome')}</a>
      </Page>
    );
  }
  if (payment.state === 'UNDER_REVIEW') {
    return (
      <Page title={t('reviewTitle')} face={t('face')} quietTitle>
        <ReviewQuestion payment={payment} onAnswered={asked.again} />
        <a href="/wallet/">{t('toHome')}</a>
      </Page>
    );
  }
  const [title, icon] = ends[payment.state];
  const cancelled = payment.state !== 'ACCEPTED';
  return (
    <Page title={t(title)} face={t('face')} quietTitle>
      <div class={`done stack${cancelled ? ' done--cancelled' : ''}`}>
        <Icon name={icon} size="72px" />
        <p class="done__word">{t(title)}</p>
        <AmountText yen={payment.amount} large />
      </div>
      <Facts payment={payment} balance={asked.data?.wallet?.balance ?? null} />
      <a class="button button--wide" href="/wallet/">
        {t('toHome')}
      </a>
      <p class="muted small">{t('notThis')}</p>
    </Page>
  );
}

function Facts(props: { payment: PaymentWithPoints; balance: number | null }): JSX.Element {
  const { payment, balance } = props;
  const points = earnedPoints(payment, locale.value);
  return (
    <dl class="facts card">
      <dt>{t('store')}</dt>
      <dd>{payment.store?.name ?? t('storeUnavailable')}</dd>
      <dt>{t('time')}</dt>
      <dd>{formatTime(payment.acceptedAt, locale.value)}</dd>
      {points !== null && (
        <>
          <dt>{t('points')}</dt>
          <dd>{points}</dd>
        </>
      )}
      {balance !== null && (
        <>
          <dt>{t('balanceAfter')}</dt>
          <dd>
            <AmountText yen={balance} />
          </dd>
        </>
      )}
      <dt>{t('paymentNumber')}</dt>
      <dd>
        <code>{payment.id}</code>
      </dd>
    </dl>
  );
}
