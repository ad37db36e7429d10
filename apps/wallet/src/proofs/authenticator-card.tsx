import { Button, formatTime, locale, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  beginMyAuthenticatorApp,
  removeMyAuthenticatorApp,
  renewMyRecoveryCodes,
} from '../proof-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { ActProblems } from './act-problems.tsx';
import { AppCodeForm } from './app-code-form.tsx';
import { AppSetUp } from './app-set-up.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** The authenticator app of the member: added by its first code, its recovery codes made again, or taken away by a code. */
export function AuthenticatorCard(props: {
  app: { addedAt: string; recoveryCodesLeft: number } | null;
  onChange: () => void;
}): JSX.Element {
  const { graph } = useWorld();
  const { app, onChange } = props;
  const [begun, setBegun] = useState<{ secret: string; address: string } | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [removing, setRemoving] = useState(false);
  const [begin, sendBegin] = useMutation(graph, beginMyAuthenticatorApp, {
    root: 'beginMyAuthenticatorApp',
    success: ['AuthenticatorAppBegun'],
  });
  const [renew, sendRenew] = useMutation(graph, renewMyRecoveryCodes, {
    root: 'renewMyRecoveryCodes',
    success: ['RecoveryCodesMade'],
  });
  const [remove, sendRemove] = useMutation(graph, removeMyAuthenticatorApp, {
    root: 'removeMyAuthenticatorApp',
    success: ['AuthenticatorAppRemoved'],
  });
  const start = async () => {
    const outcome = await sendBegin({});
    if ('done' in outcome) setBegun(outcome.done);
  };
  const again = async () => {
    const outcome = await sendRenew({});
    if ('done' in outcome) show(outcome.done.recoveryCodes);
  };
  const show = (made: readonly string[]) => {
    setBegun(null);
    setCodes(made);
    onChange();
  };
  const takeAway = async (code: string) => {
    if (!('done' in (await sendRemove({ code })))) return;
    setRemoving(false);
    setCodes(null);
    onChange();
  };
  return (
    <section class="card stack stack--tight" aria-labelledby="authenticator">
      <h2 id="authenticator">{t('appTitle')}</h2>
      <p class="small">{t('appLead')}</p>
      {app && (
        <p>
          {t('appSince', { at: formatTime(app.addedAt, locale.value) })}
          <br />
          {t('appCodesLeft', { count: app.recoveryCodesLeft })}
        </p>
      )}
      {codes && <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />}
      <ActProblems acts={[begin, renew]} />
      {begun && <AppSetUp begun={begun} onMade={show} onCancel={() => setBegun(null)} />}
      {!begun && (
        <Button kind="secondary" wide busy={begin.busy} onClick={() => void start()}>
          {app ? t('appReplace') : t('appBegin')}
        </Button>
      )}
      {app && !begun && (
        <Button kind="secondary" wide busy={renew.busy} onClick={() => void again()}>
          {t('appRenewCodes')}
        </Button>
      )}
      {app && !begun && !removing && (
        <Button kind="danger" wide onClick={() => setRemoving(true)}>
          {t('appRemove')}
        </Button>
      )}
      {removing && (
        <AppCodeForm
          act={remove}
          label={t('appRemoveCode')}
          button={t('appRemoveNow')}
          onCode={(code) => void takeAway(code)}
          onCancel={() => setRemoving(false)}
        />
      )}
    </section>
  );
}
