import { Button, Dialog, ErrorPanel, Field, RefusalPanel, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { reportUnrecognised } from '../member-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** 身に覚えがない: what the member wishes to say, and whether the wallet stops as well. */
export function ReportDialog(props: {
  subject: string;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { graph } = useWorld();
  const { subject } = props;
  const [note, setNote] = useState('');
  const [freeze, setFreeze] = useState(true);
  const [act, send] = useMutation(graph, reportUnrecognised, {
    root: 'reportUnrecognised',
    success: ['UnrecognisedReported'],
  });
  const report = async () => {
    if ('done' in (await send({ input: { subject, note, freeze } }))) props.onDone();
  };
  return (
    <Dialog title={t('notMe')} onClose={props.onClose}>
      <p>{t('reportLead')}</p>
      <Field label={t('reportNote')}>
        <textarea
          maxLength={500}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </Field>
      <label class="field__choice">
        <input type="checkbox" checked={freeze} onChange={() => setFreeze(!freeze)} />
        {t('reportFreeze')}
      </label>
      {act.fault && <ErrorPanel fault={act.fault} />}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      <Button kind="danger" wide busy={act.busy} onClick={() => void report()}>
        {t('reportSend')}
      </Button>
      <Button kind="plain" wide onClick={props.onClose}>
        {t('reportBack')}
      </Button>
    </Dialog>
  );
}
