import { AmountText, formatYen, locale, Notice, Page, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { ClosedNotice } from '../closed-notice.tsx';
import { topUpSwitchQuery } from '../operations.ts';
import type { Arrival } from '../pay/arrivals.ts';
import { CodeCard } from '../pay/code-card.tsx';
import { useArrival } from '../pay/use-arrival.ts';
import { useLiveCode } from '../pay/use-live-code.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** A4: charging with cash at a register, with the same code. The result appears by itself. */
export function TopUpPage(): JSX.Element {
  const { graph } = useWorld();
  const { route } = useLocation();
  const [arrival, setArrival] = useState<Arrival | null>(null);
  const live = useLiveCode();
  const asked = useAnswer((signal) => graph(topUpSwitchQuery, {}, { signal }), { everyMs: 15_000 });
  useArrival((next) => {
    if (next.kind === 'payment') return route(`/wallet/done/${next.id}`);
    setArrival(next);
    live.renew();
  });

  return (
    <Page title={t('chargeTitle')} face={t('face')}>
      <ClosedNotice word="topUpClosed" control={asked.data?.topUp ?? null} />
      <div aria-live="assertive">
        {arrival?.kind === 'topUp' && (
          <Notice
            kind="success"
            title={t('charged', { amount: formatYen(arrival.amount, locale.value) })}
          >
            <p>
              {t('balance')} <AmountText yen={arrival.balance} />
            </p>
            <a href="/wallet/">{t('toHome')}</a>
          </Notice>
        )}
        {arrival?.kind === 'held' && (
          <Notice
            kind="caution"
            title={t('chargeHeld', { amount: formatYen(arrival.amount, locale.value) })}
          />
        )}
        {arrival?.kind === 'declined' && <Notice kind="caution" title={t('chargeDeclined')} />}
      </div>
      <ol class="steps">
        <li>{t('charge1')}</li>
        <li>{t('charge2')}</li>
        <li>{t('charge3')}</li>
      </ol>
      <CodeCard live={live} />
      <p class="muted small">{t('chargeRule')}</p>
      <a class="button button--secondary button--wide" href="/wallet/">
        {t('toHome')}
      </a>
    </Page>
  );
}
