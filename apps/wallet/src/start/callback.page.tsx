import { Button, Loading, loginSentence, type LoginFault, Notice, Page, strongAcr } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Where 7iD sends people back to: ends the login and goes on to where they were. */
export function CallbackPage(): JSX.Element {
  const { session } = useWorld();
  const { route } = useLocation();
  const [fault, setFault] = useState<LoginFault | null>(null);

  useEffect(() => {
    void session.finish(new URL(location.href)).then((end) => {
      if ('fault' in end) {
        setFault(end.fault);
        void session.restore(); // an earlier login of this tab still holds
      } else route(end.returnTo, true); // the code in the address does not stay in the history
    });
  }, []);

  if (!fault) {
    return (
      <Page title={t('signingIn')} face={t('face')}>
        <Loading />
      </Page>
    );
  }
  return (
    <Page title={t('notSignedIn')} face={t('face')}>
      <Notice kind="danger">
        <p>{loginSentence(fault)}</p>
      </Notice>
      <Button wide onClick={() => void session.signIn({ returnTo: '/wallet/', acr: strongAcr })}>
        {t('logInAgain')}
      </Button>
      <a href="/wallet/">{t('toStart')}</a>
    </Page>
  );
}
