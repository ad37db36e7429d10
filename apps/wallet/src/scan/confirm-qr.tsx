import {
  AmountText,
  Button,
  ErrorPanel,
  Field,
  type GraphFault,
  Notice,
  type Outcome,
  Page,
  type Refusal,
  RefusalPanel,
  strongAcr,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import type { OpenRequest } from '../open-request/open-request.ts';
import type { OpenRequestAtHand } from '../open-request/use-open-request.ts';
import { payBill, payByStoreCode, type Scanned } from '../operations.ts';
import { readYen } from '../read-yen.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** What is paid, and how much. */
export interface QrPayment {
  readonly found: Scanned;
  readonly amount: number;
}

/**
 * Store and amount as the platform knows them, and one button. The number stays with the amount until its answer is clear: whatever
 * happened, it happens once.
 */
export function ConfirmQr(props: {
  found: Scanned;
  request: OpenRequestAtHand<QrPayment>;
  onBack: () => void;
}): JSX.Element {
  const { found, request, onBack } = props;
  const { graph, session } = useWorld();
  const { route } = useLocation();
  const [typed, setTyped] = useState(String(request.open?.what.amount ?? ''));
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);

  const isBill = found.__typename === 'ScannedBill';
  const store = isBill ? found.bill.store : found.store;
  const amount = isBill ? found.bill.amount : readYen(typed);

  const ask = async (sent: OpenRequest<QrPayment>): Promise<Outcome<{ id: string }>> => {
    const { id: requestId, what } = sent;
    const answer =
      what.found.__typename === 'ScannedBill'
        ? await graph(payBill, { input: { requestId, billId: what.found.bill.id } })
        : await graph(payByStoreCode, {
            input: { requestId, storeId: what.found.store.id, amount: what.amount },
          });
    if ('fault' in answer) return answer;
    const result = 'payBill' in answer.data ? answer.data.payBill : answer.data.payByStoreCode;
    return 'payment' in result ? { done: result.payment } : { refusal: result };
  };
  const pay = async () => {
    setWrong(amount === null ? t('amountWrong') : null);
    if (amount === null || busy) return;
    setBusy(true);
    setRefusal(null);
    setFault(null);
    const outcome = await request.send({ found, amount }, ask);
    setBusy(false);
    if (!outcome) return;
    if ('done' in outcome) return route(`/wallet/done/${outcome.done.id}`);
    if ('fault' in outcome) setFault(outcome.fault);
    else setRefusal(outcome.refusal);
  };
  const open = request.open !== null;
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
            disabled={open}
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
      {open && !busy && <Notice kind="caution" title={t('payOpen')} />}
      <Button size="pay" wide busy={busy} onClick={() => void pay()}>
        {open ? t('payAgainSafe') : t('payNow')}
      </Button>
      <Button kind="secondary" wide disabled={open} onClick={onBack}>
        {t('scanBack')}
      </Button>
    </Page>
  );
}
