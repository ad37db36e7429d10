import {
  Button,
  formatTime,
  locale,
  type Pages,
  StatusPill,
  type Tone,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { approveDutyChange, type DutyChange, withdrawDutyChange } from '../duty-operations.ts';
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { NOTE_MAX, NoteDialog } from '../note-dialog.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { DutyList } from './duty-list.tsx';
import { dutiesInWords } from './duty-words.ts';

type Step = 'approve' | 'withdraw';
const stepWords: Readonly<Record<Step, { button: Word; title: Word; what: Word; done: Word }>> = {
  approve: {
    button: 'approve',
    title: 'dutyApproveTitle',
    what: 'dutyApproveWhat',
    done: 'dutiesMade',
  },
  withdraw: {
    button: 'dutyWithdraw',
    title: 'dutyWithdrawTitle',
    what: 'dutyWithdrawWhat',
    done: 'dutyWithdrawn',
  },
};

const stateOf = ({ state, isOpen }: DutyChange): { word: Word; tone: Tone } => {
  if (state === 'MADE') return { word: 'dutyMade', tone: 'success' };
  if (state === 'WITHDRAWN') return { word: 'dutyWithdrawnState', tone: 'quiet' };
  return isOpen ? { word: 'dutyWaits', tone: 'caution' } : { word: 'dutyLapsed', tone: 'quiet' };
};

/** What waits for a second person, and all that was changed. */
export function DutyChanges(props: {
  pages: Pages<DutyChange>;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { pages, onEnd } = props;
  const [chosen, setChosen] = useState<{ change: DutyChange; step: Step } | null>(null);
  return (
    <>
      {pages.rows && pages.rows.length > 0 && (
        <ListTable name={t('dutyChanges')} columns={['operatorName', 'duties', 'state', 'action']}>
          <tbody>
            {pages.rows.map((change) => (
              <ChangeRow
                key={change.id}
                change={change}
                onStep={(step) => setChosen({ change, step })}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('dutyChangesEmpty')} />
      {chosen && (
        <Decide
          {...chosen}
          onEnd={(told) => {
            setChosen(null);
            onEnd(told);
          }}
        />
      )}
    </>
  );
}

function ChangeRow(props: { change: DutyChange; onStep: (step: Step) => void }): JSX.Element {
  const { change, onStep } = props;
  const own = useOperatorId();
  const { word, tone } = stateOf(change);
  const { member, by, decidedBy, decidedAt } = change;
  // The graph judges again; this leaves out what it would refuse.
  const isSecond = by?.id !== own && member?.id !== own;
  return (
    <tr>
      <th scope="row">{member?.displayName ?? t('none')}</th>
      <td>
        <DutyList duties={change.before} /> <span class="phrase">→</span>{' '}
        <DutyList duties={change.after} />
        <p class="small">{change.note}</p>
      </td>
      <td>
        <StatusPill tone={tone} word={t(word)} />
        <p class="small">
          {t('dutyAskedBy', { name: by?.displayName ?? t('none') })}{' '}
          {formatTime(change.at, locale.value)}
        </p>
        {decidedAt && (
          <p class="small">
            {t('closedBy', { name: decidedBy?.displayName ?? t('none') })}{' '}
            {formatTime(decidedAt, locale.value)}
          </p>
        )}
      </td>
      <td>
        {change.isOpen && (
          <Acts>
            <div class="row">
              {isSecond ? (
                <Button onClick={() => onStep('approve')}>{t('approve')}</Button>
              ) : (
                <p class="small muted">{t('otherApproves')}</p>
              )}
              <Button kind="secondary" onClick={() => onStep('withdraw')}>
                {t('dutyWithdraw')}
              </Button>
            </div>
          </Acts>
        )}
      </td>
    </tr>
  );
}

function Decide(props: {
  change: DutyChange;
  step: Step;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { change, step, onEnd } = props;
  const { graph } = useWorld();
  const success = ['DutiesChanged'] as const;
  const acts = {
    approve: useMutation(graph, approveDutyChange, { root: 'approveDutyChange', success }),
    withdraw: useMutation(graph, withdrawDutyChange, { root: 'withdrawDutyChange', success }),
  };
  const words = stepWords[step];
  const name = change.member?.displayName ?? t('none');
  const [act] = acts[step];
  return (
    <NoteDialog
      title={t(words.title, { name })}
      lead={t(words.what, {
        from: dutiesInWords(change.before),
        to: dutiesInWords(change.after),
      })}
      button={t(words.button)}
      act={act}
      noteMax={NOTE_MAX.record}
      onSend={async (reason) => {
        const outcome = await acts[step][1]({ input: { id: change.id, reason } });
        if ('done' in outcome) onEnd(t(words.done, { name }));
      }}
      onClose={() => onEnd(null)}
    />
  );
}
