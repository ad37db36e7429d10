import { Icon, useAnswer, useLive } from '@7pay/ui';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { noticeTold, unreadQuery } from '../notice-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** From here on nobody counts. */
const MOST = 100;

/** How many notices are unread: told by the subscription, looked for every 10 s where it is away. */
export function Bell({ path }: { path: string }): JSX.Element {
  const { graph, live } = useWorld();
  const again = useRef(() => {});
  const told = useLive(live, { operation: noticeTold, variables: {} }, () => again.current());
  const asked = useAnswer(
    (signal) => graph(unreadQuery, {}, { signal }),
    told === 'live' ? {} : { everyMs: 10_000 },
  );
  again.current = asked.again;
  useEffect(() => again.current(), [path]); // they may have been read on the page that was left
  const unread = asked.data?.myUnreadNotices ?? 0;
  const count = unread >= MOST ? `${MOST - 1}+` : String(unread);
  return (
    <a class="button button--plain bell" href="/wallet/notices">
      <Icon name="bell" size="1.5em" />
      <span class="visually-hidden">
        {unread === 0 ? t('noticesTitle') : t('noticesUnread', { count })}
      </span>
      {unread > 0 && (
        <span class="bell__count" aria-hidden="true">
          {count}
        </span>
      )}
    </a>
  );
}
