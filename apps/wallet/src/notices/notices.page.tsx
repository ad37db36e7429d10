import {
  Button,
  ErrorPanel,
  formatTime,
  type GraphFault,
  Loading,
  locale,
  Page,
  pick,
  StatusPill,
  uiText,
  useLive,
  usePages,
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
  const [unmarked, setUnmarked] = useState<GraphFault | null>(null);
  const [marking, setMarking] = useState(false);
  const { rows, busy, more, reread, ...pages } = usePages(async (after) =>
    pick(await graph(noticesQuery, { after }), 'myNotices'),
  );
  const fault = unmarked ?? pages.fault;
  const told = useLive(live, { operation: noticeTold, variables: {} }, reread);
  useEffect(() => {
    if (told === 'live') return;
    const timer = setInterval(reread, 10_000);
    return () => clearInterval(timer);
  }, [told]);
  const newest = rows?.[0];
  const isUnread = rows?.some(({ readAt }) => readAt === null) ?? false;
  const markRead = async () => {
    if (!newest) return;
    setMarking(true);
    const answer = await graph(markNoticesRead, { until: newest.at });
    setMarking(false);
    setUnmarked('fault' in answer ? answer.fault : null);
    if (!('fault' in answer)) reread();
  };
  const again = () => {
    setUnmarked(null);
    reread();
  };
  return (
    <Page title={t('noticesTitle')} face={t('face')}>
      {fault && <ErrorPanel fault={fault} onRetry={again} />}
      {!rows && !fault && <Loading />}
      {rows?.length === 0 && <p>{t('noticesEmpty')}</p>}
      {isUnread && (
        <Button kind="secondary" wide busy={marking} onClick={() => void markRead()}>
          {t('markRead')}
        </Button>
      )}
      <ul class="list">
        {(rows ?? []).map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {more && (
        <Button kind="secondary" wide busy={busy} onClick={more}>
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
