import { ErrorPanel, formatTime, Loading, locale, Notice, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type MemberShown, readMemberQuery } from '../member-operations.ts';
import { EventTable } from '../record/event-table.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { MemberHelp } from './member-help.tsx';
import { SessionTable } from './session-table.tsx';

/** One member: how they prove who they are, and how they did lately. Reading it is on record. */
export function MemberCard({ id, reason }: { id: string; reason: string }): JSX.Element {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(readMemberQuery, { id, reason }, { signal }));
  const [told, setTold] = useState<string | null>(null);
  const read = asked.data?.readMember;
  if (asked.fault) return <ErrorPanel fault={asked.fault} onRetry={asked.again} />;
  if (!read) return <Loading />;
  if (read.__typename !== 'MemberShown') {
    return (
      <Notice kind="danger">
        <p>{'message' in read ? read.message : ''}</p>
      </Notice>
    );
  }
  return (
    <>
      <div aria-live="polite">
        {told && (
          <Notice kind="success">
            <p>{told}</p>
          </Notice>
        )}
      </div>
      <Shown
        member={read as MemberShown}
        onDone={(sentence) => {
          setTold(sentence);
          asked.again();
        }}
      />
    </>
  );
}

function Shown(props: { member: MemberShown; onDone: (told: string) => void }): JSX.Element {
  const { member, onDone } = props;
  const { found, contacts, passkeys, hasApp, recoveryCodes, externalIds, logins } = member;
  return (
    <section class="card stack">
      <h2>{found.displayName}</h2>
      <MemberHelp member={member} onDone={onDone} />
      <dl>
        <dt>{t('memberFactors')}</dt>
        <dd>
          {t('memberFactorsAre', {
            password: t(found.hasPassword ? 'there' : 'notThere'),
            passkeys,
            app: t(hasApp ? 'there' : 'notThere'),
            codes: recoveryCodes,
          })}
        </dd>
        <dt>{t('memberContacts')}</dt>
        {contacts.map(({ masked, verifiedAt }) => (
          <dd key={masked}>
            {masked} {verifiedAt === null ? t('unconfirmed') : ''}
          </dd>
        ))}
        {contacts.length === 0 && <dd>{t('notThere')}</dd>}
        <dt>{t('memberExternalIds')}</dt>
        {externalIds.map(({ provider, linkedAt }) => (
          <dd key={provider}>
            {provider} {formatTime(linkedAt, locale.value)}
          </dd>
        ))}
        {externalIds.length === 0 && <dd>{t('notThere')}</dd>}
      </dl>
      <h3>{t('memberSessions')}</h3>
      <SessionTable sessions={member.member.sessions ?? []} />
      <h3>{t('memberLogins')}</h3>
      {logins.length === 0 ? (
        <p>{t('notThere')}</p>
      ) : (
        <EventTable name={t('memberLogins')} events={logins} />
      )}
    </section>
  );
}
