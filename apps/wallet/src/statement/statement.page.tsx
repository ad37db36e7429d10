import {
  Button,
  ErrorPanel,
  formatTime,
  formatYen,
  Loading,
  locale,
  Page,
  type PageOf,
  pick,
  StatusPill,
  tokyoDate,
  uiText,
  usePages,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Movement, movementsQuery } from '../member-operations.ts';
import { type Word, t } from '../words.ts';
import { useWorld } from '../world.ts';
import { Download } from './download.tsx';
import { ReportDialog } from './report-dialog.tsx';

/** Of who has no wallet. */
const noRows: PageOf<Movement> = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** All that moved the balance, with the balance after it; each row can be reported. */
export function StatementPage(): JSX.Element {
  const { graph } = useWorld();
  const [reported, setReported] = useState<Movement | null>(null);
  const { rows, fault, busy, more, reread } = usePages(async (after) => {
    const answer = pick(await graph(movementsQuery, { after }), 'wallet');
    return 'fault' in answer ? answer : { ...answer, data: answer.data?.movements ?? noRows };
  });
  return (
    <Page title={t('statementTitle')} face={t('face')}>
      <Download today={tokyoDate(new Date())} />
      {fault && <ErrorPanel fault={fault} onRetry={reread} />}
      {!rows && !fault && <Loading />}
      {rows?.length === 0 && <p>{t('historyEmpty')}</p>}
      <ul class="list">
        {(rows ?? []).map((row) => (
          <Row key={row.id} row={row} onReport={() => setReported(row)} />
        ))}
      </ul>
      {more && (
        <Button kind="secondary" wide busy={busy} onClick={more}>
          {uiText('more')}
        </Button>
      )}
      {reported && (
        <ReportDialog
          subject={reported.payment?.id ?? reported.topUpId ?? ''}
          onClose={() => setReported(null)}
          onDone={() => {
            setReported(null);
            reread();
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
