import { Button, Dialog, ErrorPanel, Field, RefusalPanel, uiText, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { freezeWallet, type FrozenWallet } from '../desk-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Stops a wallet; the member reads the reason, in both languages. */
export function FreezeDialog(props: {
  walletId: string;
  onEnd: (changed: FrozenWallet | null) => void;
}): JSX.Element {
  const { walletId, onEnd } = props;
  const { graph, logInAgain } = useWorld();
  const [reasons, setReasons] = useState({ ja: '', en: '' });
  const [checked, setChecked] = useState(false);
  const [act, send] = useMutation(graph, freezeWallet, {
    root: 'freezeWallet',
    success: ['WalletFreezeChanged'],
  });
  const missing = (text: string) => (checked && text.trim() === '' ? t('reasonMissing') : null);
  const freeze = async (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (reasons.ja.trim() === '' || reasons.en.trim() === '') return;
    const input = { walletId, reasonJa: reasons.ja, reasonEn: reasons.en };
    const outcome = await send({ input });
    if ('done' in outcome) onEnd(outcome.done.wallet);
  };
  return (
    <Dialog title={t('freezeTitle')} onClose={() => onEnd(null)}>
      <p>{t('freezeWhat')}</p>
      <form class="stack" onSubmit={(event) => void freeze(event)} noValidate>
        {(['ja', 'en'] as const).map((lang) => (
          <Field
            key={lang}
            label={t(lang === 'ja' ? 'reasonJa' : 'reasonEn')}
            error={missing(reasons[lang])}
          >
            <textarea
              lang={lang}
              maxLength={200}
              value={reasons[lang]}
              onInput={(event) => setReasons({ ...reasons, [lang]: event.currentTarget.value })}
            />
          </Field>
        ))}
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
