import {
  Button,
  ErrorPanel,
  formatMonth,
  formatYen,
  type GraphFault,
  Loading,
  locale,
  Page,
  uiText,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { historyQuery, type PaymentWithPoints } from '../operations.ts';
import { PaymentRow } from '../payment-row.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { byMonth, type Month, totalOf, withoutDoubles } from './months.ts';

interface Known {
  readonly rows: readonly PaymentWithPoints[];
  /** Where the next page begins; `null` at the end. */
  readonly after: string | null;
  readonly started: boolean;
}

/** A7: all payments by month, older ones on demand. */
export function HistoryPage(): JSX.Element {
  const { graph } = useWorld();
  const [known, setKnown] = useState<Known>({ rows: [], after: null, started: false });
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [busy, setBusy] = useState(false);

  const read = async (after: string | null) => {
    setBusy(true);
    const answer = await graph(historyQuery, { after });
    setBusy(false);
    if ('fault' in answer) return setFault(answer.fault);
    setFault(null);
    const page = answer.data.wallet?.payments;
    setKnown((before) => ({
      rows: withoutDoubles([...before.rows, ...(page?.nodes ?? [])]),
      after: page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null,
      started: true,
    }));
  };
  useEffect(() => void read(null), []);

  return (
    <Page title={t('historyTitle')} face={t('face')}>
      {known.started && known.rows.length === 0 && (
        <>
          <p>{t('historyEmpty')}</p>
          <a class="button" href="/wallet/pay">
            {t('pay')}
          </a>
        </>
      )}
      {byMonth(known.rows).map((month) => (
        <MonthSection key={month.month} month={month} />
      ))}
      {fault && <ErrorPanel fault={fault} onRetry={() => void read(known.after)} />}
      {!known.started && busy && <Loading />}
      {known.after !== null && !fault && (
        <Button kind="secondary" wide busy={busy} onClick={() => void read(known.after)}>
          {uiText('more')}
        </Button>
      )}
      <a href="/wallet/">{t('toHome')}</a>
    </Page>
  );
}

function MonthSection({ month }: { month: Month<PaymentWithPoints> }): JSX.Element {
  const id = `month-${month.month}`;
  const total = totalOf(month.rows);
  return (
    <section aria-labelledby={id}>
      <div class="row row--apart">
        <h2 id={id}>{formatMonth(month.month, locale.value)}</h2>
        <span class="muted small figures">
          {t('monthTotal', { amount: formatYen(total, locale.value) })}
        </span>
      </div>
      <ul class="list">
        {month.rows.map((payment) => (
          <PaymentRow key={payment.id} payment={payment} />
        ))}
      </ul>
    </section>
  );
}
