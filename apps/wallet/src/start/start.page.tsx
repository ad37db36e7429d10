import {
  Button,
  Icon,
  loginSentence,
  type LoginFault,
  Notice,
  Page,
  StatusPill,
  useAnswer,
  strongAcr,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { ClosedNotice } from '../closed-notice.tsx';
import { statusQuery } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** A1: what this is, and one button to begin. */
export function StartPage(): JSX.Element {
  const { session } = useWorld();
  const { url } = useLocation();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<LoginFault | null>(null);

  const begin = async () => {
    setBusy(true);
    setFault(await session.signIn({ returnTo: url, acr: strongAcr }));
    setBusy(false);
  };
  return (
    <Page title={t('startTitle')} face={t('face')}>
      <p class="lead">{t('startLead')}</p>
      {fault && (
        <Notice kind="danger">
          <p>{loginSentence(fault)}</p>
        </Notice>
      )}
      <Button size="pay" wide busy={busy} onClick={() => void begin()}>
        {t('startButton')}
      </Button>
      {/* Whose phone was stolen has no passkey: the password alone is enough to stop the wallet. */}
      <Button kind="plain" wide onClick={() => void session.signIn({ returnTo: '/wallet/safety' })}>
        {t('lostPhone')}
      </Button>
      <section class="stack stack--tight" aria-labelledby="how">
        <h2 id="how">{t('howTitle')}</h2>
        <ol class="steps">
          <li>{t('how1')}</li>
          <li>{t('how2')}</li>
          <li>{t('how3')}</li>
        </ol>
      </section>
      <Status />
      <p class="promise muted">
        <Icon name="done" /> <span>{t('promise')}</span>
      </p>
    </Page>
  );
}

/** What works now, for people who are not signed in. Without an answer nothing is claimed. */
function Status(): JSX.Element | null {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(statusQuery, {}, { signal, anonymous: true }));
  if (!asked.data) return null;
  const { registration, opening, payment } = asked.data;
  const stopped = [registration, opening, payment].some((found) => found?.state === 'CLOSED');
  return (
    <div class="stack stack--tight">
      <ClosedNotice word="registrationClosed" control={registration} />
      <ClosedNotice word="openingClosed" control={opening} />
      <ClosedNotice word="paymentClosed" control={payment} />
      {!stopped && (
        <p>
          <StatusPill tone="success" word={t('allRunning')} />
        </p>
      )}
    </div>
  );
}
