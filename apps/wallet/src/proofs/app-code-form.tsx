import { type Act, Button, Field } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../words.ts';
import { ActProblems } from './act-problems.tsx';

/** Asks for a code of the app, or a recovery code where one will do. */
export function AppCodeForm(props: {
  act: Act;
  label: string;
  button: string;
  onCode: (code: string) => void;
  onCancel: () => void;
}): JSX.Element {
  const [code, setCode] = useState('');
  const { act, onCode, onCancel } = props;
  const submit = (event: Event) => {
    event.preventDefault();
    onCode(code.trim());
  };
  return (
    <form class="stack stack--tight" onSubmit={submit}>
      <Field label={props.label}>
        <input
          required
          autoComplete="one-time-code"
          autoCapitalize="off"
          maxLength={64}
          value={code}
          onInput={({ currentTarget }) => setCode(currentTarget.value)}
        />
      </Field>
      <ActProblems acts={[act]} />
      <Button type="submit" wide busy={act.busy}>
        {props.button}
      </Button>
      <Button kind="plain" wide onClick={onCancel}>
        {t('appNotNow')}
      </Button>
    </form>
  );
}
