import { Button, ErrorPanel, Icon, Loading, Notice, Page, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { stateQuery } from '../operations.ts';
import { StoppedNotice } from '../stopped/stopped.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** P2: which terminal this is, whether it is linked, what is stopped, and what to do next. */
export function IdlePage(): JSX.Element {
  const { graph, link, openWork } = useWorld();
  const asked = useAnswer((signal) => graph(stateQuery, {}, { signal }), {
    key: link.state.value === 'linked' ? 'linked' : 'not-linked',
    everyMs: 5_000,
  });
  const { data, fault } = asked;
  const terminal = data?.terminal;
  return (
    <Page title={terminal ? terminal.store.name : t('idleTitle')} face={t('name')}>
      {terminal && <p class="muted">{terminal.label}</p>}
      {link.state.value === 'unknown-client' ? (
        <NotKnown />
      ) : link.state.value === 'starting' ? (
        <Loading />
      ) : fault ? (
        <>
          <ErrorPanel fault={fault} onRetry={asked.again} />
          <p>{t('offlineWhat')}</p>
        </>
      ) : (
        !data && <Loading />
      )}
      {openWork.payment() && (
        <Notice kind="caution" title={t('openPayment')}>
          <a class="button" href="/pos/sale">
            {t('toOpenPayment')}
          </a>
        </Notice>
      )}
      {openWork.topUp() && (
        <Notice kind="caution" title={t('openTopUp')}>
          <a class="button" href="/pos/charge">
            {t('toOpenTopUp')}
          </a>
        </Notice>
      )}
      {data?.payment && <StoppedNotice control={data.payment} />}
      {data?.topUp && <StoppedNotice control={data.topUp} />}
      <div class="tiles">
        <a class="button tile" href="/pos/sale">
          <Icon name="scan" size="40px" />
          {t('takePayment')}
        </a>
        <a class="button button--secondary tile" href="/pos/charge">
          <Icon name="plus" size="40px" />
          {t('takeTopUp')}
        </a>
      </div>
    </Page>
  );
}

function NotKnown(): JSX.Element {
  const { link } = useWorld();
  return (
    <Notice kind="caution" title={t('notKnownTitle')}>
      <p>{t('notKnownWhat')}</p>
      <div class="row">
        <Button onClick={() => void link.start()}>{t('askAgain')}</Button>
        <Button kind="danger" onClick={() => void link.unpair()}>
          {t('pairAgain')}
        </Button>
      </div>
    </Notice>
  );
}
