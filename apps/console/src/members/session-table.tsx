import { formatTime, locale } from '@7pay/ui';
import type { JSX } from 'preact';
import { ListTable } from '../list-table.tsx';
import type { MemberSession } from '../member-operations.ts';
import { t, type Word } from '../words.ts';

const ways: Readonly<Record<NonNullable<MemberSession['way']>, Word>> = {
  PASSWORD: 'wayPassword',
  PASSKEY: 'wayPasskey',
  EXTERNAL: 'wayExternal',
};

/** The logins of a member that go on: for which app, how and by which provider, from where. */
export function SessionTable({ sessions }: { sessions: readonly MemberSession[] }): JSX.Element {
  if (sessions.length === 0) return <p>{t('notThere')}</p>;
  return (
    <ListTable name={t('memberSessions')} columns={['eventWhen', 'clientApp', 'sessionWay']}>
      <tbody>
        {sessions.map(({ id, loggedInAt, clientName, way, provider, country }) => (
          <tr key={id}>
            <td>{formatTime(loggedInAt, locale.value)}</td>
            <th scope="row">{clientName ?? t('none')}</th>
            <td>
              {[way && t(ways[way]), provider, country].filter(Boolean).join(' · ') || t('none')}
            </td>
          </tr>
        ))}
      </tbody>
    </ListTable>
  );
}
