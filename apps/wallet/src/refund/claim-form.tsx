import { AmountText, Button, ErrorPanel, RefusalPanel, strongAcr, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { claimBalanceRefund, type PayoutMethod } from '../operations.ts';
import { useOpenRequest } from '../open-request/use-open-request.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/**
 * The claim itself: how it is paid, and one button. The id of the claim is made before the first try and
 * kept in the tab, with the way it is paid, so that sending it again after a lost answer claims once.
 */
export function ClaimForm(props: { amount: number; onClaimed: () => void }): JSX.Element {
  const { session, graph } = useWorld();
  const { open, send: sendOnce } = useOpenRequest<{ readonly payoutMethod: PayoutMethod }>('claim');
  const [method, setMethod] = useState<PayoutMethod>(open?.what.payoutMethod ?? 'BANK_TRANSFER');
  const [act, send] = useMutation(graph, claimBalanceRefund, {
    root: 'claimBalanceRefund',
    success: ['BalanceRefundClaimed'],
  });

  const claim = async (event: Event) => {
    event.preventDefault();
    const outcome = await sendOnce({ payoutMethod: method }, ({ id: claimId, what }) =>
      send({ input: { claimId, ...what } }),
    );
    if (outcome && 'done' in outcome) props.onClaimed();
  };
  const choice = (value: PayoutMethod, word: string) => (
    <label class="field__choice">
      <input
        type="radio"
        name="method"
        checked={method === value}
        disabled={open !== null}
        onChange={() => setMethod(value)}
      />
      {word}
    </label>
  );
  return (
    <form class="stack" onSubmit={(event) => void claim(event)}>
      <p class="row row--apart">
        <span class="muted">{t('refundAmount')}</span>
        <AmountText yen={props.amount} />
      </p>
      <fieldset>
        <legend>{t('payoutMethod')}</legend>
        {choice('BANK_TRANSFER', t('byBank'))}
        {choice('POSTAL_CERTIFICATE', t('byPost'))}
      </fieldset>
      {act.fault && (
        <ErrorPanel
          fault={act.fault}
          onLogInAgain={() =>
            void session.signIn({ returnTo: '/wallet/refund', acr: strongAcr, anew: true })
          }
        />
      )}
      {open && !act.busy && <p>{t('claimAgainSafe')}</p>}
      {act.refusal && (
        <RefusalPanel refusal={act.refusal}>
          {act.refusal.__typename === 'StepUpRequired' && (
            <div class="row">
              <Button
                onClick={() => void session.signIn({ returnTo: '/wallet/refund', acr: strongAcr })}
              >
                {t('prove')}
              </Button>
            </div>
          )}
        </RefusalPanel>
      )}
      <Button type="submit" size="pay" wide busy={act.busy}>
        {t('claimButton')}
      </Button>
    </form>
  );
}
