import { Button, Field, plainDigits, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { confirmMyContact, type Contact } from '../proof-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { ActProblems } from './act-problems.tsx';

/** Asks for the code that was sent to a contact. */
export function ContactCodeForm(props: {
  contact: Contact;
  onConfirmed: () => void;
  onCancel: () => void;
}): JSX.Element {
  const { graph } = useWorld();
  const { contact } = props;
  const [code, setCode] = useState('');
  const [act, send] = useMutation(graph, confirmMyContact, {
    root: 'confirmMyContact',
    success: ['ContactKept'],
  });
  const confirm = async (event: Event) => {
    event.preventDefault();
    const outcome = await send({ id: contact.id, code: plainDigits(code) });
    if ('done' in outcome) props.onConfirmed();
  };
  return (
    <form class="stack stack--tight" onSubmit={(event) => void confirm(event)}>
      <h3>{t('contactCodeTitle')}</h3>
      <p>{t('contactCodeLead', { address: contact.address })}</p>
      <Field label={t('contactCode')}>
        <input
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={16}
          value={code}
          onInput={({ currentTarget }) => setCode(currentTarget.value)}
        />
      </Field>
      <ActProblems acts={[act]} />
      <Button type="submit" wide busy={act.busy}>
        {t('contactConfirm')}
      </Button>
      <Button kind="plain" wide onClick={props.onCancel}>
        {t('contactLater')}
      </Button>
    </form>
  );
}
