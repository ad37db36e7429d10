import { Button, Loading, loginSentence, type LoginFault, Notice, Page, uiText } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** The door of the console: operators log in with a second factor, which 7iD asks for. */
export function EntryPage(): JSX.Element {
  const { session } = useWorld();
  const { url } = useLocation();
  const [fault, setFault] = useState<LoginFault | null>(null);
  const status = session.status.value;
  if (status === 'restoring') {
    return (
      <Page title={t('entryTitle')} face={t('name')}>
        <Loading />
      </Page>
    );
  }
  return (
    <Page title={t('entryTitle')} face={t('name')}>
      <p>{t('entryLead')}</p>
      {(fault || status === 'unreachable') && (
        <Notice kind="danger">
          <p>{fault ? loginSentence(fault) : uiText('loginIssuerUnreachable')}</p>
        </Notice>
      )}
      <Button wide onClick={() => void session.signIn({ returnTo: url }).then(setFault)}>
        {t('logIn')}
      </Button>
    </Page>
  );
}
