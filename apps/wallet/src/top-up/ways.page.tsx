import { ErrorPanel, formatYen, Loading, locale, Page, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { chargeQuery, type TopUpLimits, type TopUpSource } from '../charge-operations.ts';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

const WAYS: Readonly<Record<TopUpSource, readonly [word: Word, href: string]>> = {
  REGISTER: ['wayRegister', '/wallet/charge'],
  ATM: ['wayAtm', '/wallet/charge/atm'],
  CREDIT: ['wayCredit', '/wallet/charge/card'],
  DEBIT: ['wayDebit', '/wallet/charge/card'],
  POINTS: ['wayPoints', '/wallet/charge/points'],
};

/** The five ways to charge, with what each allows today. */
export function WaysPage(): JSX.Element {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(chargeQuery, {}, { signal }));
  return (
    <Page title={t('waysTitle')} face={t('face')}>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {asked.data ? (
        <ul class="list">
          {asked.data.wallet?.topUpLimits.map((limits) => (
            <Way key={limits.source} limits={limits} />
          ))}
        </ul>
      ) : (
        !asked.fault && <Loading />
      )}
      <a href="/wallet/">{t('toHome')}</a>
    </Page>
  );
}

function Way({ limits }: { limits: TopUpLimits }): JSX.Element {
  const [word, href] = WAYS[limits.source];
  return (
    <li>
      <a class="button button--secondary button--wide" href={href}>
        {t(word)}
      </a>
      <LimitLine limits={limits} />
    </li>
  );
}

/** What one top-up may be, and what is left of today; with the name of its way where several stand together. */
export function LimitLine(props: { limits: TopUpLimits; named?: boolean }): JSX.Element {
  const { limits, named = false } = props;
  const yen = (amount: number) => formatYen(amount, locale.value);
  return (
    <p class="muted small">
      {named && <strong>{t(WAYS[limits.source][0])} </strong>}
      {t('limitLine', {
        largest: yen(limits.largest),
        left: yen(limits.dayLeft),
        month: yen(limits.days30Left),
      })}
    </p>
  );
}
