import {
  AmountText,
  Button,
  ErrorPanel,
  formatDate,
  formatPoints,
  formatTime,
  formatYen,
  Loading,
  locale,
  Page,
  StatusPill,
  useAnswer,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { type Receipt, receiptQuery } from '../notice-operations.ts';
import { ReportDialog } from '../statement/report-dialog.tsx';
import { type Word, t } from '../words.ts';
import { useWorld } from '../world.ts';

/** A8: one movement with all that is known of it; to print, and to say that one does not recognise it. */
export function ReceiptPage(): JSX.Element {
  const { graph } = useWorld();
  const id = decodeURIComponent(useRoute().params['id'] ?? '');
  const asked = useAnswer((signal) => graph(receiptQuery, { id }, { signal }), { key: id });
  const [reporting, setReporting] = useState(false);
  const receipt = asked.data?.myMovement;
  if (!receipt) {
    return (
      <Page title={t('receiptTitle')} face={t('face')}>
        {asked.fault ? <ErrorPanel fault={asked.fault} onRetry={asked.again} /> : null}
        {!asked.data && !asked.fault && <Loading />}
        {asked.data && <p>{t('receiptUnknown')}</p>}
        <a href="/wallet/statement">{t('statementTitle')}</a>
      </Page>
    );
  }
  const subject = receipt.payment?.id ?? receipt.topUpId;
  return (
    <Page title={t('receiptTitle')} face={t('face')}>
      <p class="receipt__head">
        <span>{t(`kind${receipt.kind}` satisfies Word)}</span>
        <span class="figures receipt__amount">
          {receipt.amount > 0 ? '+' : '−'}
          {formatYen(Math.abs(receipt.amount), locale.value)}
        </span>
      </p>
      <Facts receipt={receipt} />
      {receipt.payment && receipt.payment.refunded > 0 && <Refunds payment={receipt.payment} />}
      {receipt.case && (
        <StatusPill
          tone="quiet"
          word={receipt.case.state === 'OPEN' ? t('caseOpen') : t('caseClosed')}
        />
      )}
      <div class="row">
        <Button kind="secondary" onClick={() => print()}>
          {t('print')}
        </Button>
        {subject !== null && !receipt.case && (
          <Button kind="danger" onClick={() => setReporting(true)}>
            {t('notMe')}
          </Button>
        )}
      </div>
      {reporting && subject !== null && (
        <ReportDialog
          subject={subject}
          onClose={() => setReporting(false)}
          onDone={() => {
            setReporting(false);
            asked.again();
          }}
        />
      )}
      <a href="/wallet/statement">{t('statementTitle')}</a>
    </Page>
  );
}

function Facts({ receipt }: { receipt: Receipt }): JSX.Element {
  const { payment, store } = receipt;
  const isSale = receipt.kind === 'PAYMENT';
  return (
    <dl class="facts card">
      {(store ?? payment) && (
        <>
          <dt>{t('store')}</dt>
          <dd>
            {store?.name ?? t('storeUnavailable')}
            {payment?.merchant && payment.merchant.name !== store?.name && (
              <>
                <br />
                <span class="muted small">{payment.merchant.name}</span>
              </>
            )}
          </dd>
        </>
      )}
      <dt>{t('time')}</dt>
      <dd>{formatTime(receipt.at, locale.value)}</dd>
      <dt>{t('businessDate')}</dt>
      <dd>{formatDate(receipt.businessDate, locale.value)}</dd>
      {isSale && payment && (
        <>
          <dt>{t('points')}</dt>
          <dd>{pointsOf(payment)}</dd>
        </>
      )}
      <dt>{t('balanceAfter')}</dt>
      <dd>
        <AmountText yen={receipt.balanceAfter} />
      </dd>
      <dt>{t('receiptNumber')}</dt>
      <dd>
        <code>{receipt.id}</code>
      </dd>
      {payment && (
        <>
          <dt>{t('paymentNumber')}</dt>
          <dd>
            <code>{payment.id}</code>
          </dd>
        </>
      )}
    </dl>
  );
}

function pointsOf({ pointsEarned, pointsState }: NonNullable<Receipt['payment']>): string {
  if (pointsState === 'PENDING') return t('pointsPending');
  return pointsEarned === null ? t('pointsUnavailable') : formatPoints(pointsEarned, locale.value);
}

function Refunds({ payment }: { payment: NonNullable<Receipt['payment']> }): JSX.Element {
  return (
    <section class="stack stack--tight" aria-labelledby="refunds">
      <h2 id="refunds">{payment.state === 'CANCELLED' ? t('cancelled') : t('refundsTitle')}</h2>
      <p>{t('refundedSoFar', { amount: formatYen(payment.refunded, locale.value) })}</p>
      <ul class="list">
        {payment.refunds.map(({ id, amount, at }) => (
          <li key={id} class="payment">
            <span>{formatTime(at, locale.value)}</span>
            <span class="figures payment__end">+{formatYen(amount, locale.value)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
