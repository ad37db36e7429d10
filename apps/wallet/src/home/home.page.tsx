import {
  AmountText,
  ErrorPanel,
  formatPoints,
  Icon,
  Loading,
  locale,
  Notice,
  Page,
  useAnswer,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { ClosedNotice } from '../closed-notice.tsx';
import { homeQuery, type Payment } from '../operations.ts';
import { PaymentRow } from '../payment-row.tsx';
import { ProgrammeCard } from '../refund/programme-card.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** A3: balance and points in one glance, pay, charge, the last rows, and what is stopped. */
export function HomePage(): JSX.Element {
  const { graph } = useWorld();
  const { route } = useLocation();
  const asked = useAnswer((signal) => graph(homeQuery, {}, { signal }), { everyMs: 10_000 });
  const { data, fault } = asked;
  useEffect(() => {
    if (data && !data.wallet) route('/wallet/open', true);
  }, [data]);

  if (!data?.wallet) {
    return (
      <Page title={t('homeTitle')} face={t('face')} quietTitle>
        {fault ? <ErrorPanel fault={fault} onRetry={asked.again} /> : <Loading />}
      </Page>
    );
  }
  const { wallet, me, payment, refundProgramme, waiting } = data;
  return (
    <Page title={t('homeTitle')} face={t('face')} quietTitle>
      {fault && <ErrorPanel fault={fault} onRetry={asked.again} />}
      <ClosedNotice word="paymentClosed" control={payment} />
      {waiting?.nodes.map(({ id }) => (
        <Notice key={id} kind="caution" title={t('reviewQuestion')}>
          <a class="button" href={`/wallet/done/${id}`}>
            {t('reviewAnswer')}
          </a>
        </Notice>
      ))}
      {wallet.state === 'FROZEN' && <Notice kind="caution" title={t('frozen')} />}
      {wallet.state === 'CLOSED' && <Notice kind="caution" title={t('walletClosed')} />}
      <section class="balance" aria-label={t('balance')}>
        <p class="muted">{t('balance')}</p>
        <p>
          <AmountText yen={wallet.balance} large />
        </p>
        <p class="muted">
          {t('nanaco')}{' '}
          {me?.pointsAccount
            ? formatPoints(me.pointsAccount.balance, locale.value)
            : t('pointsUnavailable')}
        </p>
      </section>
      {wallet.state !== 'CLOSED' && <WaysToPay />}
      {refundProgramme && <ProgrammeCard programme={refundProgramme} />}
      <a class="button button--plain" href="/wallet/statement">
        {t('statementTitle')}
      </a>
      <a class="button button--plain" href="/wallet/safety">
        {t('safetyTitle')}
      </a>
      <LastPayments payments={wallet.payments.nodes} />
    </Page>
  );
}

function WaysToPay(): JSX.Element {
  return (
    <div class="stack stack--tight">
      <a class="button button--pay button--wide" href="/wallet/pay">
        <Icon name="scan" />
        {t('pay')}
      </a>
      <a class="button button--secondary button--wide" href="/wallet/scan">
        <Icon name="scan" />
        {t('scanStore')}
      </a>
      <a class="button button--secondary button--wide" href="/wallet/charge">
        <Icon name="plus" />
        {t('charge')}
      </a>
      <a class="button button--plain" href="/wallet/charge/ways">
        {t('otherWays')}
      </a>
    </div>
  );
}

function LastPayments({ payments }: { payments: readonly Payment[] }): JSX.Element {
  return (
    <section class="stack stack--tight" aria-labelledby="last">
      <h2 id="last">{t('lastTitle')}</h2>
      {payments.length === 0 ? (
        <p class="muted">{t('lastEmpty')}</p>
      ) : (
        <>
          <ul class="list">
            {payments.map((payment) => (
              <PaymentRow key={payment.id} payment={payment} />
            ))}
          </ul>
          <a class="button button--plain" href="/wallet/history">
            {t('allHistory')}
          </a>
        </>
      )}
    </section>
  );
}
