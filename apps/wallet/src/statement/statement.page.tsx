import {
  Button,
  ErrorPanel,
  formatTime,
  formatYen,
  type GraphFault,
  Loading,
  locale,
  Page,
  StatusPill,
  tokyoDate,
  uiText,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Movement, movementsQuery } from '../member-operations.ts';
import { type Word, t } from '../words.ts';
import { useWorld } from '../world.ts';
import { Download } from './download.tsx';
import { ReportDialog } from './report-dialog.tsx';

/** All that moved the balance, with the balance after it; each row can be reported. */
export function StatementPage(): JSX.Element {
  const { graph } = useWorld();
  const [rows, setRows] = useState<readonly Movement[] | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [reported, setReported] = useState<Movement | null>(null);
  const read = async (from: string | null) => {
    const answer = await graph(movementsQuery, { after: from });
    if ('fault' in answer) return setFault(answer.fault);
    setFault(null);
    const page = answer.data.wallet?.movements;
    setRows((before) => [...(from === null ? [] : (before ?? [])), ...(page?.nodes ?? [])]);
    setAfter(page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null);
  };
  useEffect(() => void read(null), []);
  return (
    <Page title={t('statementTitle')} face={t('face')}>
      <Download today={tokyoDate(new Date())} />
      {fault && <ErrorPanel fault={fault} onRetry={() => void read(null)} />}
      {!rows && !fault && <Loading />}
      {rows?.length === 0 && <p>{t('historyEmpty')}</p>}
      <ul class="list">
        {(rows ?? []).map((row) => (
          <Row key={row.id} row={row} onReport={() => setReported(row)} />
        ))}
      </ul>
      {after !== null && (
        <Button kind="secondary" wide onClick={() => void read(after)}>
          {uiText('more')}
        </Button>
      )}
      {reported && (
        <ReportDialog
          subject={reported.payment?.id ?? reported.topUpId ?? ''}
          onClose={() => setReported(null)}
          onDone={() => {
            setReported(null);
            void read(null);
          }}
        />
      )}
      <a href="/wallet/">{t('toHome')}</a>
    </Page>
  );
}

function Row({ row, onReport }: { row: Movement; onReport: () => void }): JSX.Element {
  const { kind, store, amount, balanceAfter, at, payment, topUpId } = row;
  const sign = amount > 0 ? '+' : '−';
  const canReport = payment !== null || topUpId !== null;
  return (
    <li class="payment">
      <a class="payment__store" href={`/wallet/receipt/${encodeURIComponent(row.id)}`}>
        {t(`kind${kind}` satisfies Word)} {store && ` · ${store.name}`}
      </a>
      <span class="payment__amount figures">
        {sign}
        {formatYen(Math.abs(amount), locale.value)}
      </span>
      <span class="muted small">{formatTime(at, locale.value)}</span>
      <span class="muted small payment__end">
        {t('balanceThen', { amount: formatYen(balanceAfter, locale.value) })}
      </span>
      {row.case ? (
        <StatusPill
          tone="quiet"
          word={row.case.state === 'OPEN' ? t('caseOpen') : t('caseClosed')}
        />
      ) : (
        canReport && (
          <Button kind="plain" onClick={onReport}>
            {t('notMe')}
          </Button>
        )
      )}
    </li>
  );
}
