import { Button, ErrorPanel, Field, RefusalPanel, tokyoDate, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { preparePayoutFile } from '../settlement-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** First person: puts what is due into a file for one bank day. */
export function PrepareFile({ onTold }: { onTold: (told: string) => void }): JSX.Element {
  const { graph, logInAgain } = useWorld();
  const [transferDate, setTransferDate] = useState('');
  const [checked, setChecked] = useState(false);
  const [act, send] = useMutation(graph, preparePayoutFile, {
    root: 'preparePayoutFile',
    success: ['PayoutFileMoved'],
  });
  const prepare = async (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (transferDate === '') return;
    const outcome = await send({ input: { transferDate } });
    if (!('done' in outcome)) return;
    setChecked(false);
    setTransferDate('');
    onTold(t('filePreparedNow', { number: outcome.done.file.number }));
  };
  return (
    <form class="card stack" onSubmit={(event) => void prepare(event)} noValidate>
      <div class="row search">
        <Field
          label={t('transferDate')}
          hint={t('transferDateHint')}
          error={checked && transferDate === '' ? t('transferDateMissing') : null}
        >
          <input
            type="date"
            min={tokyoDate(new Date())}
            value={transferDate}
            onInput={(event) => setTransferDate(event.currentTarget.value)}
          />
        </Field>
        <Button type="submit" busy={act.busy}>
          {t('filePrepare')}
        </Button>
      </div>
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('fileLookFirst')}</p>}
    </form>
  );
}
