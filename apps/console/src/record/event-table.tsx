import { formatTime, locale } from '@7pay/ui';
import type { JSX } from 'preact';
import { ListTable } from '../list-table.tsx';
import type { AuditEvent } from '../member-operations.ts';
import { t, type Word } from '../words.ts';

const kindWords: Readonly<Record<string, Word>> = {
  LOGIN_MADE: 'eventLoginMade',
  LOGIN_REFUSED: 'eventLoginRefused',
  MEMBER_REGISTERED: 'eventRegistered',
  FACTOR_ADDED: 'eventFactorAdded',
  FACTOR_REMOVED: 'eventFactorRemoved',
  CONTACT_ADDED: 'eventContactAdded',
  CONTACT_REMOVED: 'eventContactRemoved',
  PASSWORD_SET: 'eventPasswordSet',
  LOGINS_ENDED: 'eventLoginsEnded',
  LOGIN_UNLOCKED: 'eventLoginUnlocked',
  SESSION_ENDED: 'eventSessionEnded',
  CLIENT_CHANGED: 'eventClientChanged',
  KEY_CHANGED: 'eventKeyChanged',
  NOTICE_CHANGED: 'eventNoticeChanged',
  DUTIES_CHANGED: 'eventDutiesChanged',
  MEMBER_READ: 'eventMemberRead',
  RECORDS_READ: 'eventRecordsRead',
};

/** Events of the record, in the order given. Ids and classes are shown as they are: they name nobody. */
export function EventTable(props: { name: string; events: readonly AuditEvent[] }): JSX.Element {
  return (
    <ListTable name={props.name} columns={['eventWhen', 'eventWhat', 'eventFacts']}>
      <tbody>
        {props.events.map((event) => (
          <tr key={event.id}>
            <td>
              {formatTime(event.at, locale.value)}
              <br />
              <span class="muted small">{`${event.chain}-${event.n}`}</span>
            </td>
            <th scope="row">{wordOf(event.kind)}</th>
            <td>
              <span class="small breaks">{factsOf(event).join(' · ')}</span>
              {event.note && <p class="small">{event.note}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </ListTable>
  );
}

const wordOf = (kind: string): string => {
  const word = kindWords[kind];
  return word ? t(word) : kind;
};

function factsOf(event: AuditEvent): string[] {
  const { reason, method, provider, clientId, memberId, network, country, about } = event;
  const by = event.actor === null ? null : t('eventBy', { who: event.actor });
  const tries = event.tries === null ? null : t('eventTries', { count: event.tries });
  const facts = [reason, tries, method, provider, clientId, memberId, by, network, country, about];
  const known = facts.filter((fact): fact is string => fact !== null);
  return event.newNetwork ? [...known, t('newNetwork')] : known;
}
