import { formatYen, locale, Notice, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Arrival } from '../pay/arrivals.ts';
import { CodeCard } from '../pay/code-card.tsx';
import { useArrival } from '../pay/use-arrival.ts';
import { useLiveCode } from '../pay/use-live-code.ts';
import { t } from '../words.ts';

/** Charging with cash at an ATM: the machine reads the code, or its digits are typed. */
export function AtmPage(): JSX.Element {
  const [arrival, setArrival] = useState<Arrival | null>(null);
  const live = useLiveCode();
  useArrival((next) => {
    setArrival(next);
    live.renew();
  });
  const amount = arrival && 'amount' in arrival ? formatYen(arrival.amount, locale.value) : '';
  return (
    <Page title={t('wayAtm')} face={t('face')}>
      <div aria-live="assertive">
        {arrival?.kind === 'topUp' && <Notice kind="success" title={t('charged', { amount })} />}
        {arrival?.kind === 'held' && <Notice kind="caution" title={t('chargeHeld', { amount })} />}
        {arrival?.kind === 'declined' && <Notice kind="caution" title={t('chargeNot')} />}
      </div>
      <ol class="steps">
        <li>{t('atm1')}</li>
        <li>{t('atm2')}</li>
        <li>{t('charge3')}</li>
      </ol>
      <CodeCard live={live} />
      <a href="/wallet/charge/ways">{t('toWays')}</a>
    </Page>
  );
}
