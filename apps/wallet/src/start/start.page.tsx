import { Button, Icon, loginSentence, type LoginFault, Notice, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
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
    setFault(await session.signIn({ returnTo: url }));
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
      <section class="stack stack--tight" aria-labelledby="how">
        <h2 id="how">{t('howTitle')}</h2>
        <ol class="steps">
          <li>{t('how1')}</li>
          <li>{t('how2')}</li>
          <li>{t('how3')}</li>
        </ol>
      </section>
      <p class="promise muted">
        <Icon name="done" /> <span>{t('promise')}</span>
      </p>
    </Page>
  );
}
