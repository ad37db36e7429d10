import { QrCode, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { confirmMyAuthenticatorApp } from '../proof-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { AppCodeForm } from './app-code-form.tsx';

/** What to tell the app, as a picture and as text; its first code ends it. */
export function AppSetUp(props: {
  begun: { secret: string; address: string };
  onMade: (recoveryCodes: readonly string[]) => void;
  onCancel: () => void;
}): JSX.Element {
  const { graph } = useWorld();
  const { begun, onMade, onCancel } = props;
  const [act, send] = useMutation(graph, confirmMyAuthenticatorApp, {
    root: 'confirmMyAuthenticatorApp',
    success: ['RecoveryCodesMade'],
  });
  const confirm = async (code: string) => {
    const outcome = await send({ code: code.replaceAll(/\s/g, '') });
    if ('done' in outcome) onMade(outcome.done.recoveryCodes);
  };
  const groups = begun.secret.match(/.{1,4}/g)?.join(' ') ?? begun.secret;
  return (
    <div class="stack stack--tight">
      <p>{t('appScan')}</p>
      <QrCode text={begun.address} label={t('appQrLabel')} />
      <p>
        {t('appType')}
        <br />
        <code>{groups}</code>
      </p>
      <a class="button button--secondary button--wide" href={begun.address}>
        {t('appOpen')}
      </a>
      <AppCodeForm
        act={act}
        label={t('appFirstCode')}
        button={t('appConfirm')}
        onCode={(code) => void confirm(code)}
        onCancel={onCancel}
      />
    </div>
  );
}
