import { Button, Field, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { addMyContact, type Contact, type ContactChannel } from '../proof-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { ActProblems } from './act-problems.tsx';

const CHANNELS = ['MAIL', 'SMS'] as const;

/** Asks where else the member can be reached; a code goes there at once. */
export function ContactForm({ onSent }: { onSent: (contact: Contact) => void }): JSX.Element {
  const { graph } = useWorld();
  const [channel, setChannel] = useState<ContactChannel>('SMS');
  const [address, setAddress] = useState('');
  const [act, send] = useMutation(graph, addMyContact, {
    root: 'addMyContact',
    success: ['ContactKept'],
  });
  const add = async (event: Event) => {
    event.preventDefault();
    const outcome = await send({ input: { channel, address: address.trim() } });
    if ('done' in outcome) onSent(outcome.done.contact);
  };
  const field = {
    required: true,
    maxLength: 254,
    value: address,
    onInput: (event: Event) => setAddress((event.currentTarget as HTMLInputElement).value),
  };
  return (
    <form class="stack stack--tight" onSubmit={(event) => void add(event)}>
      <h3>{t('contactAddTitle')}</h3>
      <Field label={t('contactChannel')}>
        <select
          value={channel}
          onChange={({ currentTarget }) => setChannel(currentTarget.value as ContactChannel)}
        >
          {CHANNELS.map((each) => (
            <option key={each} value={each}>
              {t(`contactChannel${each}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field
        label={t(`contactChannel${channel}`)}
        hint={channel === 'SMS' ? t('contactPhoneHint') : undefined}
      >
        {channel === 'SMS' ? (
          <input type="tel" autoComplete="tel" {...field} />
        ) : (
          <input type="email" autoComplete="email" {...field} />
        )}
      </Field>
      <ActProblems acts={[act]} />
      <Button type="submit" kind="secondary" wide busy={act.busy}>
        {t('contactSendCode')}
      </Button>
    </form>
  );
}
