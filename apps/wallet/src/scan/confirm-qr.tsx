import {
  AmountText,
  Button,
  ErrorPanel,
  Field,
  type GraphFault,
  Page,
  type Refusal,
  RefusalPanel,
  strongAcr,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useRef, useState } from 'preact/hooks';
import { payBill, payByStoreCode, type Scanned } from '../operations.ts';
import { readYen } from '../read-yen.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Store and amount as the platform knows them, and one button. A lost answer is asked for again under the same number. */
export function ConfirmQr({ found, onBack }: { found: Scanned; onBack: () => void }): JSX.Element {
  const { graph, newId, session } = useWorld();
  const { route } = useLocation();
  const request = useRef<{ readonly id: string; readonly amount: number } | null>(null);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);

  const isBill = found.__typename === 'ScannedBill';
  const store = isBill ? found.bill.store : found.store;
  const amount = isBill ? found.bill.amount : readYen(typed);

  const pay = async () => {
    setWrong(amount === null ? t('amountWrong') : null);
    if (amount === null || busy) return;
    // The number stays with the amount until there is an answer: whatever happened, it happens once.
    if (request.current?.amount !== amount) request.current = { id: newId(), amount };
    setBusy(true);
    setRefusal(null);
    setFault(null);
    const requestId = request.current.id;
    const answer = isBill
      ? await graph(payBill, { input: { requestId, billId: found.bill.id } })
      : await graph(payByStoreCode, { input: { requestId, storeId: found.store.id, amount } });
    setBusy(false);
    if ('fault' in answer) return setFault(answer.fault);
    const result = 'payBill' in answer.data ? answer.data.payBill : answer.data.payByStoreCode;
    if ('payment' in result) return route(`/wallet/done/${result.payment.id}`);
    setRefusal(result);
  };
  const open = fault?.kind === 'UNKNOWN_OUTCOME';
  return (
    <Page title={t('confirmTitle')} face={t('face')}>
      <dl class="facts card">
        <dt>{t('store')}</dt>
        <dd>{store?.name ?? t('storeUnavailable')}</dd>
        {isBill && (
          <>
            <dt>{t('amount')}</dt>
            <dd>
              <AmountText yen={found.bill.amount} large />
            </dd>
          </>
        )}
      </dl>
      {!isBill && (
        <Field label={t('amountToPay')} error={wrong}>
          <input
            class="figures"
            inputMode="numeric"
            autoComplete="off"
            maxLength={12}
            value={typed}
            disabled={busy || open}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Field>
      )}
      {refusal && (
        <RefusalPanel refusal={refusal}>
          {refusal.__typename === 'StepUpRequired' && (
            <div class="row">
              <Button
                onClick={() => void session.signIn({ returnTo: '/wallet/scan', acr: strongAcr })}
              >
                {t('prove')}
              </Button>
            </div>
          )}
        </RefusalPanel>
      )}
      {fault && <ErrorPanel fault={fault} />}
      <Button size="pay" wide busy={busy} onClick={() => void pay()}>
        {open ? t('payAgainSafe') : t('payNow')}
      </Button>
      <Button kind="secondary" wide disabled={busy || open} onClick={onBack}>
        {t('scanBack')}
      </Button>
    </Page>
  );
}
