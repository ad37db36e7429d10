import { ErrorPanel, Loading, Page, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { proofsQuery } from '../proof-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { AuthenticatorCard } from './authenticator-card.tsx';
import { ContactList } from './contact-list.tsx';

/** Where the member can be reached, and what confirms a login besides the password. */
export function ProofsPage(): JSX.Element {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(proofsQuery, {}, { signal }));
  const me = asked.data?.me;
  return (
    <Page title={t('proofsTitle')} face={t('face')}>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {!me && !asked.fault && <Loading />}
      {me && <ContactList contacts={me.contacts ?? []} onChange={asked.again} />}
      {me && <AuthenticatorCard app={me.authenticatorApp} onChange={asked.again} />}
      <a class="button button--secondary button--wide" href="/wallet/safety">
        {t('safetyTitle')}
      </a>
    </Page>
  );
}
