import { Button, formatTime, locale, Notice, StatusPill, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Contact, removeMyContact } from '../proof-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { ActProblems } from './act-problems.tsx';
import { ContactForm } from './contact-form.tsx';
import { ContactCodeForm } from './contact-code-form.tsx';

/** Where the member can be reached: each with its state, one at a time to confirm, and a form for another. */
export function ContactList(props: {
  contacts: readonly Contact[];
  onChange: () => void;
}): JSX.Element {
  const { graph } = useWorld();
  const { contacts, onChange } = props;
  const [waiting, setWaiting] = useState<Contact | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const [act, send] = useMutation(graph, removeMyContact, {
    root: 'removeMyContact',
    success: ['ContactRemoved'],
  });
  const remove = async (id: string) => {
    if (!('done' in (await send({ id })))) return;
    setDone(t('contactRemoved'));
    setWaiting(null);
    onChange();
  };
  const confirmed = () => {
    setDone(t('contactConfirmed'));
    setWaiting(null);
    onChange();
  };
  return (
    <section class="card stack stack--tight" aria-labelledby="contacts">
      <h2 id="contacts">{t('contactsTitle')}</h2>
      <p class="small">{t('contactsLead')}</p>
      {done !== null && <Notice kind="success" title={done} />}
      <ActProblems acts={[act]} />
      {contacts.length === 0 && <p>{t('contactsEmpty')}</p>}
      <ul class="list">
        {contacts.map((contact) => (
          <Row
            key={contact.id}
            contact={contact}
            busy={act.busy}
            onConfirm={() => setWaiting(contact)}
            onRemove={() => void remove(contact.id)}
          />
        ))}
      </ul>
      {waiting ? (
        <ContactCodeForm
          key={waiting.id}
          contact={waiting}
          onConfirmed={confirmed}
          onCancel={() => setWaiting(null)}
        />
      ) : (
        <ContactForm
          onSent={(contact) => {
            setDone(null);
            setWaiting(contact);
            onChange();
          }}
        />
      )}
    </section>
  );
}

function Row(props: {
  contact: Contact;
  busy: boolean;
  onConfirm: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { address, channel, verifiedAt } = props.contact;
  return (
    <li class="row row--apart">
      <span>
        {address}
        <br />
        <span class="muted small">
          {t(`contactChannel${channel}`)}
          {verifiedAt !== null && ` · ${formatTime(verifiedAt, locale.value)}`}
        </span>
      </span>
      <span class="row">
        {verifiedAt === null ? (
          <Button
            kind="secondary"
            aria-label={t('contactConfirmLabel', { address })}
            onClick={props.onConfirm}
          >
            {t('contactConfirm')}
          </Button>
        ) : (
          <StatusPill tone="success" word={t('contactVerified')} />
        )}
        <Button
          kind="danger"
          busy={props.busy}
          aria-label={t('contactRemoveLabel', { address })}
          onClick={props.onRemove}
        >
          {t('contactRemove')}
        </Button>
      </span>
    </li>
  );
}
