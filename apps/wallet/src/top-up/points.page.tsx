import {
  Button,
  ErrorPanel,
  Field,
  formatPoints,
  locale,
  Notice,
  Page,
  RefusalPanel,
  useAnswer,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { chargePoints, chargeQuery, type TopUp } from '../charge-operations.ts';
import { useOpenRequest } from '../open-request/use-open-request.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { TopUpEnd } from './top-up-end.tsx';
import { LimitLine } from './ways.page.tsx';

/** Charging with nanaco points, one for a yen. */
export function PointsPage(): JSX.Element {
  const { graph } = useWorld();
  const { open, send: sendOnce } = useOpenRequest<{ readonly points: number }>('points');
  const asked = useAnswer((signal) => graph(chargeQuery, {}, { signal }));
  const [points, setPoints] = useState(String(open?.what.points ?? ''));
  const [topUp, setTopUp] = useState<TopUp | null>(null);
  const [act, send] = useMutation(graph, chargePoints, {
    root: 'topUpByPoints',
    success: ['TopUpAccepted'],
  });
  const charge = async (event: Event) => {
    event.preventDefault();
    const outcome = await sendOnce({ points: Number(points) }, ({ id: topUpId, what }) =>
      send({ input: { topUpId, ...what } }),
    );
    if (!outcome || !('done' in outcome)) return;
    setTopUp(outcome.done.topUp);
    asked.again();
  };
  const account = asked.data?.me?.pointsAccount;
  const limits = asked.data?.wallet?.topUpLimits.find(({ source }) => source === 'POINTS');
  return (
    <Page title={t('wayPoints')} face={t('face')}>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      <div aria-live="assertive">{topUp && <TopUpEnd topUp={topUp} />}</div>
      <p>
        {t('nanaco')}{' '}
        {account ? formatPoints(account.balance, locale.value) : t('pointsUnavailable')}
      </p>
      {account && account.owed > 0 && (
        <p>{t('pointsOwed', { points: formatPoints(account.owed, locale.value) })}</p>
      )}
      {limits && <LimitLine limits={limits} />}
      <form class="stack" onSubmit={(event) => void charge(event)}>
        <Field label={t('pointsField')} hint={t('pointsHint')}>
          <input
            inputMode="numeric"
            pattern="[1-9][0-9]{0,5}"
            required
            value={points}
            disabled={open !== null}
            onInput={(event) => setPoints(event.currentTarget.value)}
          />
        </Field>
        {act.fault && <ErrorPanel fault={act.fault} />}
        {open && !act.busy && (
          <Notice kind="caution" title={t('chargeOpen')}>
            <p>{t('chargeAgainSafe')}</p>
          </Notice>
        )}
        {act.refusal && <RefusalPanel refusal={act.refusal} />}
        <Button type="submit" wide busy={act.busy}>
          {t('charge')}
        </Button>
      </form>
      <a href="/wallet/charge/ways">{t('toWays')}</a>
    </Page>
  );
}
