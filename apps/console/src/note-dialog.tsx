import { type Act, Button, Dialog, ErrorPanel, Field, RefusalPanel, uiText } from '@7pay/ui';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from './words.ts';
import { useWorld } from './world.ts';

/** How long a note may be: beside what it is about, and in the record of 7iD. */
export const NOTE_MAX = { desk: 500, record: 200 } as const;

/** One decision of an operator, with a note for colleagues and auditors that is never empty. */
export function NoteDialog(props: {
  title: string;
  lead: string;
  button: string;
  act: Act;
  /** A choice above the note. */
  children?: ComponentChildren;
  isDangerous?: true;
  /** How many characters; those of a desk unless told. */
  noteMax?: number;
  onSend: (note: string) => Promise<void>;
  onClose: () => void;
}): JSX.Element {
  const { act, noteMax = NOTE_MAX.desk } = props;
  const { logInAgain } = useWorld();
  const [note, setNote] = useState('');
  const [checked, setChecked] = useState(false);
  const isMissing = note.trim() === '';
  const send = async (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (!isMissing) await props.onSend(note);
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.lead}</p>
      <form class="stack" onSubmit={(event) => void send(event)} noValidate>
        {props.children}
        <Field
          label={t('noteLabel')}
          hint={t('noteHint', { max: noteMax })}
          error={checked && isMissing ? t('noteMissing') : null}
        >
          <textarea
            maxLength={noteMax}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </Field>
        {act.refusal && <RefusalPanel refusal={act.refusal} />}
        {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
        {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('sendAgainSafe')}</p>}
        <div class="row">
          <Button
            type="submit"
            kind={props.isDangerous ? 'danger' : 'main'}
            armed={props.isDangerous === true}
            busy={act.busy}
          >
            {props.button}
          </Button>
          <Button kind="secondary" onClick={props.onClose}>
            {uiText('cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
