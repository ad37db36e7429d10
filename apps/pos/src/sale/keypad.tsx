import { Button, formatDigits, Icon, locale } from '@7pay/ui';
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { t, type Word } from '../words.ts';
import { type AmountFault, padKeys, pressKey, readAmount } from './amount.ts';

const faultWords: Record<AmountFault, Word> = {
  EMPTY: 'amountEmpty',
  NOT_DIGITS: 'amountNotDigits',
  ZERO: 'amountZero',
  TOO_LONG: 'amountTooLong',
};

/** The amount of a sale, by touch or by keyboard. `check` may refuse it with a sentence. */
export function AmountForm(props: {
  label: string;
  next: string;
  check?: (amount: number) => string | null;
  onAmount: (amount: number) => void;
}): JSX.Element {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const id = useId();

  const submit = (event: Event) => {
    event.preventDefault();
    const read = readAmount(typed);
    const wrong =
      'fault' in read ? t(faultWords[read.fault]) : (props.check?.(read.amount) ?? null);
    setError(wrong);
    if ('amount' in read && !wrong) props.onAmount(read.amount);
  };
  const read = readAmount(typed);
  return (
    <form class="amount-form" onSubmit={submit} noValidate>
      <div class="stack">
        <label for={id}>{props.label}</label>
        <input
          id={id}
          class="amount-input figures"
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          maxLength={20}
          ref={(input) => {
            if (input && !input.dataset['met']) {
              input.dataset['met'] = '';
              input.focus();
            }
          }}
          onInput={(event) => setTyped(event.currentTarget.value)}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={`${id}-read ${id}-error`}
        />
        <p id={`${id}-read`} class="amount amount--large">
          {locale.value === 'en' && '¥'}
          {'amount' in read ? formatDigits(read.amount) : '0'}
          {locale.value === 'ja' && <span class="amount__unit">円</span>}
        </p>
        <p id={`${id}-error`} class="field__error" role="alert">
          {error}
        </p>
        <Button type="submit" wide>
          {props.next}
        </Button>
      </div>
      <div class="pad" role="group" aria-label={t('pad')}>
        {padKeys.map((key) => (
          <Button
            key={key}
            kind="secondary"
            onClick={() => setTyped(pressKey(typed, key))}
            {...(key === 'back' ? { 'aria-label': t('padBack') } : {})}
          >
            {key === 'back' ? <Icon name="back" /> : key}
          </Button>
        ))}
      </div>
    </form>
  );
}
