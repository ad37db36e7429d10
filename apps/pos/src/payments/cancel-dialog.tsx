import {
  AmountText,
  Button,
  Dialog,
  ErrorPanel,
  formatTime,
  type GraphFault,
  locale,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Payment } from '../operations.ts';
import { askToCancel } from '../sale/use-sale.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Asks once more before a payment is cancelled in full. Pressing again after a lost answer cancels once. */
export function CancelDialog(props: {
  payment: Payment;
  onClose: () => void;
  onCancelled: (sentence: string) => void;
}): JSX.Element {
  const { payment, onClose, onCancelled } = props;
  const world = useWorld();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<GraphFault | null>(null);

  const cancel = async () => {
    setBusy(true);
    setFault(null);
    const end = await askToCancel(world, payment);
    setBusy(false);
    if (end.kind === 'not-cancelled') setFault(end.fault);
    else onCancelled(end.outcome === 'REVERSED' ? t('reversed') : t('notCharged'));
  };
  return (
    <Dialog title={t('cancelTitle')} onClose={onClose}>
      <AmountText yen={payment.amount} large />
      <p>
        {formatTime(payment.acceptedAt, locale.value)} <code>{payment.id}</code>
      </p>
      <p>{t('cancelWhat')}</p>
      {fault && <ErrorPanel fault={fault} />}
      {fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('cancelAgainSafe')}</p>}
      <div class="row">
        <Button kind="danger" armed busy={busy} onClick={() => void cancel()}>
          {t('cancelThis')}
        </Button>
        <Button kind="secondary" onClick={onClose}>
          {t('keep')}
        </Button>
      </div>
    </Dialog>
  );
}
