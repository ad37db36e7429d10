import { Button, ErrorPanel, Field, RefusalPanel, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { openRefundProgramme } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import {
  emptyForm,
  missingFields,
  type ProgrammeForm,
  toInput,
  windowDays,
} from './programme-form.ts';

const lines = ['title', 'issuer', 'instrument'] as const;
const days = ['noticeDate', 'firstDay', 'lastDay'] as const;
const texts = ['contact', 'howToClaim', 'howPaid', 'exclusionNotice'] as const;
const hints = {
  instrument: 'instrumentHint',
  lastDay: 'lastDayHint',
  exclusionNotice: 'exclusionHint',
} as const;

/**
 * The form of a refund programme, with what the law asks for (資金決済法 20条). What is missing is decided
 * by the platform and shown at the field. The id is kept until it has worked, so that it opens once.
 */
export function OpenProgramme({ onOpened }: { onOpened: (title: string) => void }): JSX.Element {
  const { graph, newId, logInAgain } = useWorld();
  const [form, setForm] = useState<ProgrammeForm>(emptyForm);
  const [programmeId, setProgrammeId] = useState(newId);
  const [act, send] = useMutation(graph, openRefundProgramme, {
    root: 'openRefundProgramme',
    success: ['RefundProgrammeOpened'],
  });
  const refusal = act.refusal as { missing?: string } | null;
  const missing = missingFields(refusal?.missing);

  const open = async (event: Event) => {
    event.preventDefault();
    const outcome = await send({ input: toInput(form, programmeId) });
    if (!('done' in outcome)) return;
    setForm(emptyForm);
    setProgrammeId(newId());
    onOpened(outcome.done.programme.title);
  };
  const field = (name: keyof ProgrammeForm, kind: 'text' | 'date' | 'long') => {
    const control = {
      value: form[name],
      onInput: (event: { currentTarget: { value: string } }) =>
        setForm({ ...form, [name]: event.currentTarget.value }),
    };
    const controls = {
      text: <input type="text" maxLength={2_000} {...control} />,
      date: <input type="date" {...control} />,
      long: <textarea maxLength={2_000} {...control} />,
    };
    return (
      <Field
        key={name}
        label={t(name)}
        hint={name in hints ? t(hints[name as keyof typeof hints]) : undefined}
        error={missing.has(name) && form[name].trim() === '' ? t('fieldMissing') : null}
      >
        {controls[kind]}
      </Field>
    );
  };
  const window = windowDays(form);
  return (
    <form class="card stack" onSubmit={(event) => void open(event)} noValidate>
      <h2>{t('openTitle')}</h2>
      <p class="muted">{t('openLead')}</p>
      <div class="columns">{lines.map((name) => field(name, 'text'))}</div>
      <div class="columns">{days.map((name) => field(name, 'date'))}</div>
      <p class="figures" aria-live="polite">
        {window !== null && t('windowDays', { days: window })}
      </p>
      <div class="columns">{texts.map((name) => field(name, 'long'))}</div>
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('openAgainSafe')}</p>}
      <div class="row">
        <Button type="submit" busy={act.busy}>
          {t('openButton')}
        </Button>
      </div>
    </form>
  );
}
