import { Button, ErrorPanel, type GraphFault, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type MailChoice, mailChoiceQuery, setMyMailChoice } from '../notice-operations.ts';
import { type Word, t } from '../words.ts';
import { useWorld } from '../world.ts';

const lines: readonly (readonly [keyof MailChoice, Word])[] = [
  ['largePayments', 'mailLargePayments'],
  ['otherPayments', 'mailOtherPayments'],
  ['cardTopUps', 'mailCardTopUps'],
  ['otherTopUps', 'mailOtherTopUps'],
  ['moneyBack', 'mailMoneyBack'],
];

/** Which notices come by mail as well; what is for safety cannot be switched off, and that is said. */
export function MailForm(): JSX.Element | null {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(mailChoiceQuery, {}, { signal }));
  const [choice, setChoice] = useState<MailChoice | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [act, setAct] = useState<'idle' | 'busy' | 'saved'>('idle');
  useEffect(() => {
    if (asked.data) setChoice(asked.data.myMailChoice);
  }, [asked.data]);
  if (!choice) return asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />;
  const save = async (event: Event) => {
    event.preventDefault();
    setAct('busy');
    const answer = await graph(setMyMailChoice, { input: choice });
    setFault('fault' in answer ? answer.fault : null);
    setAct('fault' in answer ? 'idle' : 'saved');
  };
  return (
    <form
      class="card stack stack--tight"
      aria-labelledby="mails"
      onSubmit={(event) => void save(event)}
    >
      <h2 id="mails">{t('mailTitle')}</h2>
      <p class="muted small">{t('mailLead')}</p>
      {lines.map(([name, word]) => (
        <label key={name} class="field__choice">
          <input
            type="checkbox"
            checked={choice[name]}
            onChange={() => {
              setChoice({ ...choice, [name]: !choice[name] });
              setAct('idle');
            }}
          />
          {t(word)}
        </label>
      ))}
      {fault && <ErrorPanel fault={fault} />}
      <p role="status">{act === 'saved' ? t('mailSaved') : ''}</p>
      <Button type="submit" kind="secondary" busy={act === 'busy'}>
        {t('mailSave')}
      </Button>
    </form>
  );
}
