import {
  Button,
  ErrorPanel,
  formatTime,
  type GraphFault,
  Loading,
  locale,
  Page,
  StatusPill,
  uiText,
  useLive,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  markNoticesRead,
  noticesQuery,
  noticeTold,
  type WalletNotice,
} from '../notice-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { MailForm } from './mail-form.tsx';

/** A15: all that the member was told, newest first. What is on screen counts as read when the page is left by its button. */
export function NoticesPage(): JSX.Element {
  const { graph, live } = useWorld();
  const [rows, setRows] = useState<readonly WalletNotice[] | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [busy, setBusy] = useState(false);
  const read = async (from: string | null) => {
    const answer = await graph(noticesQuery, { after: from });
    if ('fault' in answer) return setFault(answer.fault);
    setFault(null);
    const { nodes, pageInfo } = answer.data.myNotices;
    setRows((before) => [...(from === null ? [] : (before ?? [])), ...nodes]);
    setAfter(pageInfo.hasNextPage ? pageInfo.endCursor : null);
  };
  const told = useLive(live, { operation: noticeTold, variables: {} }, () => void read(null));
  useEffect(() => void read(null), []);
  useEffect(() => {
    if (told === 'live') return;
    const timer = setInterval(() => void read(null), 10_000);
    return () => clearInterval(timer);
  }, [told]);
  const newest = rows?.[0];
  const isUnread = rows?.some(({ readAt }) => readAt === null) ?? false;
  const markRead = async () => {
    if (!newest) return;
    setBusy(true);
    const answer = await graph(markNoticesRead, { until: newest.at });
    setBusy(false);
    if ('fault' in answer) setFault(answer.fault);
    else await read(null);
  };
  return (
    <Page title={t('noticesTitle')} face={t('face')}>
      {fault && <ErrorPanel fault={fault} onRetry={() => void read(null)} />}
      {!rows && !fault && <Loading />}
      {rows?.length === 0 && <p>{t('noticesEmpty')}</p>}
      {isUnread && (
        <Button kind="secondary" wide busy={busy} onClick={() => void markRead()}>
          {t('markRead')}
        </Button>
      )}
      <ul class="list">
        {(rows ?? []).map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {after !== null && (
        <Button kind="secondary" wide onClick={() => void read(after)}>
          {uiText('more')}
        </Button>
      )}
      <MailForm />
      <a href="/wallet/">{t('toHome')}</a>
    </Page>
  );
}

function Row({ row }: { row: WalletNotice }): JSX.Element {
  const { title, body, at, readAt, movementId, subject, kind } = row;
  const review = kind === 'PAYMENT_REVIEW' || kind === 'PAYMENT_NOT_MADE';
  const href = review
    ? `/wallet/done/${subject ?? ''}`
    : `/wallet/receipt/${encodeURIComponent(movementId ?? '')}`;
  return (
    <li class="payment">
      <a class="payment__store" href={href}>
        {title}
      </a>
      <span class="payment__end">
        {readAt === null && <StatusPill tone="caution" word={t('unread')} />}
      </span>
      <span class="notice-body">{body}</span>
      <span class="muted small notice-time">{formatTime(at, locale.value)}</span>
    </li>
  );
}
