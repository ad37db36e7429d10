import { Page, pick, usePages } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ListEnd } from '../list-end.tsx';
import { auditEventsQuery } from '../member-operations.ts';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { EventTable } from './event-table.tsx';
import { StatisticsPart } from './statistics.tsx';

const GROUPS = ['ALL', 'LOGINS', 'WAYS', 'OPERATORS'] as const;
type Group = (typeof GROUPS)[number];
const kindsOf: Readonly<Record<Group, readonly string[] | null>> = {
  ALL: null,
  LOGINS: ['LOGIN_MADE', 'LOGIN_REFUSED', 'LOGINS_ENDED', 'LOGIN_UNLOCKED', 'SESSION_ENDED'],
  WAYS: [
    'FACTOR_ADDED',
    'FACTOR_REMOVED',
    'CONTACT_ADDED',
    'CONTACT_REMOVED',
    'PASSWORD_SET',
    'MEMBER_REGISTERED',
  ],
  OPERATORS: ['CLIENT_CHANGED', 'KEY_CHANGED', 'NOTICE_CHANGED', 'MEMBER_READ', 'RECORDS_READ'],
};
const groupWords: Readonly<Record<Group, Word>> = {
  ALL: 'all',
  LOGINS: 'recordLogins',
  WAYS: 'recordWays',
  OPERATORS: 'recordOperators',
};

/** The record of 7iD: what was tried, counted, and every event. */
export function RecordPage(): JSX.Element {
  const { graph } = useWorld();
  const [group, setGroup] = useState<Group>('LOGINS');
  const pages = usePages(
    async (after) =>
      pick(await graph(auditEventsQuery, { kinds: kindsOf[group], after }), 'auditEvents'),
    group,
  );
  return (
    <Page title={t('recordTitle')} face={t('name')} wide>
      <p class="muted">{t('recordLead')}</p>
      <StatisticsPart />
      <h2>{t('recordEvents')}</h2>
      <StateFilter
        states={GROUPS}
        state={group}
        wordOf={(each) => t(groupWords[each])}
        onChoose={setGroup}
      />
      {pages.rows && pages.rows.length > 0 && (
        <EventTable name={t('recordEvents')} events={pages.rows} />
      )}
      <ListEnd pages={pages} empty={t('recordEmpty')} />
    </Page>
  );
}
