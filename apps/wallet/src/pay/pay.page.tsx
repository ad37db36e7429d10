import { AmountText, Page, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { ClosedNotice } from '../closed-notice.tsx';
import { homeQuery } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { CodeCard } from './code-card.tsx';
import { useArrival } from './use-arrival.ts';
import { useLiveCode } from './use-live-code.ts';

/** A5: the code at the register. When the register has taken it, the screen goes on to A6 by itself. */
export function PayPage(): JSX.Element {
  const { graph } = useWorld();
  const { route } = useLocation();
  const live = useLiveCode();
  const asked = useAnswer((signal) => graph(homeQuery, {}, { signal }));
  useArrival((arrival) => {
    if (arrival.kind === 'payment') route(`/wallet/done/${arrival.id}`);
    else live.renew(); // a top-up used the code up
  });

  const wallet = asked.data?.wallet;
  return (
    <Page title={t('payTitle')} face={t('face')}>
      {!live.refusal && (
        <>
          <ClosedNotice word="paymentClosed" control={asked.data?.payment ?? null} />
          <p class="muted">{t('payLead')}</p>
        </>
      )}
      <CodeCard live={live} />
      {wallet && (
        <p class="row row--apart">
          <span class="muted">{t('balance')}</span>
          <AmountText yen={wallet.balance} />
        </p>
      )}
      <p class="muted small">{t('codeWarning')}</p>
      <p class="small">
        <a href="/wallet/devices">{t('devicesTitle')}</a>
      </p>
      <a class="button button--secondary button--wide" href="/wallet/">
        {t('toHome')}
      </a>
    </Page>
  );
}
