import {
  Button,
  Dialog,
  ErrorPanel,
  Field,
  formatTime,
  groupDigits,
  locale,
  Notice,
  RefusalPanel,
  uiText,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { issuePairingCode, type Store } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Issues a pairing code and shows it once. A code whose answer was lost dies unused after 30 minutes. */
export function PairingDialog(props: { store: Store; onClose: () => void }): JSX.Element {
  const { store, onClose } = props;
  const { graph, logInAgain } = useWorld();
  const [label, setLabel] = useState('');
  const [checked, setChecked] = useState(false);
  const [issued, setIssued] = useState<{ pairingCode: string; expiresAt: string } | null>(null);
  const [act, send] = useMutation(graph, issuePairingCode, {
    root: 'issuePairingCode',
    success: ['PairingCodeIssued'],
  });
  const issue = async (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (label.trim() === '') return;
    const outcome = await send({ input: { storeId: store.id, label } });
    if ('done' in outcome) setIssued(outcome.done);
  };
  return (
    <Dialog title={t('pairingTitle', { store: store.name })} onClose={onClose}>
      {issued ? (
        <>
          <Notice kind="success" title={t('pairingIssued')}>
            <p class="pairing-code">{groupDigits(issued.pairingCode)}</p>
            <p>{t('pairingUntil', { until: formatTime(issued.expiresAt, locale.value) })}</p>
          </Notice>
          <div class="row">
            <Button onClick={onClose}>{uiText('close')}</Button>
          </div>
        </>
      ) : (
        <form class="stack" onSubmit={(event) => void issue(event)} noValidate>
          <Field
            label={t('pairingLabel')}
            hint={t('pairingLabelHint')}
            error={checked && label.trim() === '' ? t('pairingLabelMissing') : null}
          >
            <input
              maxLength={50}
              value={label}
              onInput={(event) => setLabel(event.currentTarget.value)}
            />
          </Field>
          {act.refusal && <RefusalPanel refusal={act.refusal} />}
          {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
          <div class="row">
            <Button type="submit" busy={act.busy}>
              {t('issuePairing')}
            </Button>
            <Button kind="secondary" onClick={onClose}>
              {uiText('cancel')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
