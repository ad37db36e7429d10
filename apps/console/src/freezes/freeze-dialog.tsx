import { Button, Dialog, ErrorPanel, RefusalPanel, uiText, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { freezeWallet, type FrozenWallet } from '../desk-operations.ts';
import { ReasonFields, useReasons } from '../reason-fields.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Stops a wallet; the member reads the reason, in both languages. */
export function FreezeDialog(props: {
  walletId: string;
  onEnd: (changed: FrozenWallet | null) => void;
}): JSX.Element {
  const { walletId, onEnd } = props;
  const { graph, logInAgain } = useWorld();
  const { reasons, change, errorOf, check } = useReasons();
  const [act, send] = useMutation(graph, freezeWallet, {
    root: 'freezeWallet',
    success: ['WalletFreezeChanged'],
  });
  const freeze = async (event: Event) => {
    event.preventDefault();
    if (!check()) return;
    const input = { walletId, reasonJa: reasons.ja, reasonEn: reasons.en };
    const outcome = await send({ input });
    if ('done' in outcome) onEnd(outcome.done.wallet);
  };
  return (
    <Dialog title={t('freezeTitle')} onClose={() => onEnd(null)}>
      <p>{t('freezeWhat')}</p>
      <form class="stack" onSubmit={(event) => void freeze(event)} noValidate>
        <ReasonFields reasons={reasons} errorOf={errorOf} onChange={change} />
        {act.refusal && <RefusalPanel refusal={act.refusal} />}
        {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
        <div class="row">
          <Button type="submit" kind="danger" armed busy={act.busy}>
            {t('freezeNow')}
          </Button>
          <Button kind="secondary" onClick={() => onEnd(null)}>
            {uiText('cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
