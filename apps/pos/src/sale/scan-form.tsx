import { Button, Field } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t, type Word } from '../words.ts';
import { readScan, type ScanFault } from './scanned-code.ts';

const faultWords: Record<ScanFault, Word> = {
  EMPTY: 'scanEmpty',
  NOT_DIGITS: 'scanNotDigits',
  WRONG_LENGTH: 'scanLength',
  NOT_OURS: 'scanNotOurs',
  WRONG_CHECK: 'scanCheck',
};

/**
 * P4: takes the customer's code from a scanner that types like a keyboard, or from a hand. It is sent by
 * Enter, which scanners type at the end; never by itself, so that a late Enter meets no other button.
 */
export function ScanForm(props: { busy?: boolean; onCode: (code: string) => void }): JSX.Element {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  // Before the first paint: a scanner may type the moment the field is there.
  useLayoutEffect(() => input.current?.focus(), []);

  const submit = (event: Event) => {
    event.preventDefault();
    const read = readScan(typed);
    setError('fault' in read ? t(faultWords[read.fault]) : null);
    setTyped('');
    if ('code' in read) props.onCode(read.code);
    else input.current?.focus();
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      <Field label={t('scanLabel')} hint={t('scanHint')} error={error}>
        <input
          ref={input}
          class="code-input figures"
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          maxLength={60}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </Field>
      <Button type="submit" wide busy={props.busy ?? false}>
        {t('scanSend')}
      </Button>
    </form>
  );
}
