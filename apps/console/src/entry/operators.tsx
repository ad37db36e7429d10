import { Button, ErrorPanel, Loading, Notice, Page, useAnswer } from '@7pay/ui';
import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { meQuery } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

const OperatorContext = createContext<string>('');

/** The id of the operator at the screen: who proposed something cannot be its second person. */
export function useOperatorId(): string {
  return useContext(OperatorContext);
}

/** Lets operators through. The graph decides; this only says it in words before any screen asks. */
export function Operators({ children }: { children: ComponentChildren }): JSX.Element {
  const { graph, session } = useWorld();
  const asked = useAnswer((signal) => graph(meQuery, {}, { signal }));
  const me = asked.data?.me;
  if (me?.roles.includes('operator')) {
    return <OperatorContext.Provider value={me.id}>{children}</OperatorContext.Provider>;
  }
  return (
    <Page title={t('entryTitle')} face={t('name')}>
      {asked.data ? (
        <Notice kind="danger" title={t('notOperator')}>
          <p>{t('notOperatorWhat')}</p>
          <div class="row">
            <Button kind="secondary" onClick={() => void session.signOut()}>
              {t('logOut')}
            </Button>
          </div>
        </Notice>
      ) : asked.fault ? (
        <ErrorPanel fault={asked.fault} onRetry={asked.again} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
