import { useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { changeDuties, type DutyName, type Operator } from '../duty-operations.ts';
import { DUTIES, dutyWords } from '../entry/duty.ts';
import { NOTE_MAX, NoteDialog } from '../note-dialog.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Whose duties are to be others. */
export type Whose = Pick<Operator, 'id' | 'duties'> & { readonly displayName: string | null };

const NAMES = DUTIES.map((duty) => duty.toUpperCase() as DutyName);

/** What somebody is to work here for, and why: taken away at once, given once another one agrees. */
export function ChangeDialog(props: {
  whose: Whose;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { whose, onEnd } = props;
  const { graph } = useWorld();
  const [duties, setDuties] = useState<readonly DutyName[]>(whose.duties);
  const [act, send] = useMutation(graph, changeDuties, {
    root: 'changeDuties',
    success: ['DutiesChanged'],
  });
  const name = whose.displayName ?? whose.id;
  const gives = duties.some((duty) => !whose.duties.includes(duty));
  return (
    <NoteDialog
      title={t('dutiesChangeTitle', { name })}
      lead={t(gives ? 'dutiesGiveWhat' : 'dutiesTakeWhat')}
      button={t(gives ? 'dutiesPropose' : 'dutiesTake')}
      act={act}
      noteMax={NOTE_MAX.record}
      onSend={async (reason) => {
        const outcome = await send({ input: { memberId: whose.id, duties, reason } });
        if (!('done' in outcome)) return;
        const waits = outcome.done.change.state === 'PROPOSED';
        onEnd(t(waits ? 'dutiesProposed' : 'dutiesMade', { name }));
      }}
      onClose={() => onEnd(null)}
    >
      <fieldset class="stack stack--tight">
        <legend>{t('duties')}</legend>
        {NAMES.map((duty, index) => (
          <label key={duty} class="field__choice">
            <input
              type="checkbox"
              checked={duties.includes(duty)}
              onChange={({ currentTarget: { checked } }) =>
                setDuties(NAMES.filter((each) => (each === duty ? checked : duties.includes(each))))
              }
            />
            {t(dutyWords[DUTIES[index]!])}
          </label>
        ))}
      </fieldset>
    </NoteDialog>
  );
}
