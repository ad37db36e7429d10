import {
  Button,
  ErrorPanel,
  Field,
  formatTime,
  locale,
  Page,
  RefusalPanel,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Choice } from '../choice.tsx';
import { ListTable } from '../list-table.tsx';
import { type FoundMember, findMembersQuery, type MemberSearch } from '../member-operations.ts';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { MemberCard } from './member-card.tsx';

const WAYS = ['mail', 'phone', 'id', 'locked', 'clients', 'providers', 'networks'] as const;
type Way = (typeof WAYS)[number];
const wayWords: Readonly<Record<Way, Word>> = {
  mail: 'findByMail',
  phone: 'findByPhone',
  id: 'findById',
  locked: 'findLocked',
  clients: 'findByClient',
  providers: 'findByProvider',
  networks: 'findByNetwork',
};

function searchOf(way: Way, text: string): Omit<MemberSearch, 'reason'> {
  if (way === 'locked') return { state: 'LOCKED' };
  if (way === 'mail' || way === 'phone' || way === 'id') return { [way]: text };
  return { logins: { everything: false, [way]: [text] } };
}

/** Finds members by exactly what is typed. Who looks for whom and why is on record before the answer. */
export function MembersPage(): JSX.Element {
  const { graph, logInAgain } = useWorld();
  const [way, setWay] = useState<Way>('mail');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const [found, setFound] = useState<readonly FoundMember[] | null>(null);
  /** The search that was sent, with where its next page begins: what is typed meanwhile is another one. */
  const [next, setNext] = useState<MemberSearch | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [act, send] = useMutation(graph, findMembersQuery, {
    root: 'findMembers',
    success: ['MembersFound'],
  });
  const missing = (value: string) => (checked && value.trim() === '' ? t('findMissing') : null);
  const read = async (search: MemberSearch, before: readonly FoundMember[]) => {
    const outcome = await send({ search });
    if (!('done' in outcome)) return;
    const { members, next: after } = outcome.done;
    setFound([...before, ...members]);
    setNext(after === null ? null : { ...search, after });
    if (before.length === 0) setChosen(null);
  };
  const find = () => {
    setChecked(true);
    if (act.busy || reason.trim() === '' || (way !== 'locked' && text.trim() === '')) return;
    void read({ ...searchOf(way, text.trim()), reason, after: null }, []);
  };
  return (
    <Page title={t('membersTitle')} face={t('name')} wide>
      <p class="muted">{t('membersLead')}</p>
      <form
        class="stack card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          find();
        }}
      >
        <Choice
          legend={t('findBy')}
          values={WAYS}
          value={way}
          wordOf={(each) => t(wayWords[each])}
          onChoose={setWay}
        />
        {way !== 'locked' && (
          <Field label={t(wayWords[way])} error={missing(text)}>
            <input
              autocomplete="off"
              maxLength={254}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </Field>
        )}
        <Field label={t('findReason')} hint={t('findReasonHint')} error={missing(reason)}>
          <input
            maxLength={200}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </Field>
        {act.refusal && <RefusalPanel refusal={act.refusal} />}
        {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
        <div class="row">
          <Button type="submit" busy={act.busy}>
            {t('find')}
          </Button>
        </div>
      </form>
      <div role="status">{found?.length === 0 && <p>{t('membersNone')}</p>}</div>
      {found && found.length > 0 && (
        <ListTable name={t('membersTitle')} columns={['member', 'memberSince', 'action']}>
          <tbody>
            {found.map(({ id, displayName, maskedMail, registeredAt }) => (
              <tr key={id}>
                <th scope="row">
                  {displayName}
                  <br />
                  <span class="muted small">{maskedMail ?? t('noMail')}</span>
                  <br />
                  <code class="small breaks">{id}</code>
                </th>
                <td>{formatTime(registeredAt, locale.value)}</td>
                <td>
                  <Button kind="secondary" onClick={() => setChosen(id)}>
                    {t('memberRead')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </ListTable>
      )}
      {next && (
        <div class="row">
          <Button kind="secondary" busy={act.busy} onClick={() => void read(next, found ?? [])}>
            {t('membersMore')}
          </Button>
        </div>
      )}
      {chosen && <MemberCard key={chosen} id={chosen} reason={reason} />}
    </Page>
  );
}
