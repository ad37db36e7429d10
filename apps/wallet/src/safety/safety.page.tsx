import {
  Button,
  Dialog,
  ErrorPanel,
  formatTime,
  formatYen,
  Loading,
  locale,
  Notice,
  Page,
  RefusalPanel,
  strongAcr,
  useAnswer,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Freeze, freezeMyWallet, safetyQuery, thawMyWallet } from '../member-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { LimitsForm } from './limits-form.tsx';
import { SessionList } from './session-list.tsx';

const HERE = '/wallet/safety';

/** A9: stop everything with one tap and a confirmation, open again with a proof, and set limits. */
export function SafetyPage(): JSX.Element {
  const { graph, approvalsAddress } = useWorld();
  const asked = useAnswer((signal) => graph(safetyQuery, {}, { signal }));
  const wallet = asked.data?.wallet;
  const isClosed = wallet?.state === 'CLOSED';
  return (
    <Page title={t('safetyTitle')} face={t('face')}>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {!wallet && !asked.fault && <Loading />}
      {isClosed && <Notice kind="caution" title={t('walletClosed')} />}
      {wallet?.operatorFreeze && <OperatorsReason freeze={wallet.operatorFreeze} />}
      {wallet?.cooling && (
        <Notice
          kind="caution"
          title={t('coolingTitle', { time: formatTime(wallet.cooling.until, locale.value) })}
        >
          <p>{t('coolingLead', { amount: formatYen(wallet.cooling.limit, locale.value) })}</p>
        </Notice>
      )}
      {/* Also when nothing can be read: whoever has the password alone can stop the wallet. */}
      {!isClosed &&
        (wallet?.ownFreeze ? (
          <Thaw since={wallet.ownFreeze.at} onDone={asked.again} />
        ) : (
          <FreezeCard onDone={asked.again} />
        ))}
      {wallet && !isClosed && (
        <LimitsForm
          key={JSON.stringify(wallet.limits)}
          limits={wallet.limits}
          onSet={asked.again}
        />
      )}
      <a class="button button--secondary button--wide" href="/wallet/proofs">
        {t('proofsLead')}
      </a>
      <a class="button button--secondary button--wide" href={approvalsAddress}>
        {t('approvals')}
      </a>
      <SessionList here={HERE} />
      <a href="/wallet/">{t('toHome')}</a>
    </Page>
  );
}

function OperatorsReason({ freeze }: { freeze: Freeze }): JSX.Element {
  return (
    <Notice kind="caution" title={t('operatorFroze')}>
      <p>{locale.value === 'ja' ? freeze.reasonJa : freeze.reasonEn}</p>
    </Notice>
  );
}

function FreezeCard({ onDone }: { onDone: () => void }): JSX.Element {
  const { graph } = useWorld();
  const [asking, setAsking] = useState(false);
  const [act, send] = useMutation(graph, freezeMyWallet, {
    root: 'freezeMyWallet',
    success: ['MyWalletFrozen'],
  });
  const [frozen, setFrozen] = useState(false);
  const freeze = async () => {
    const outcome = await send({});
    setAsking(false);
    if (!('done' in outcome)) return;
    setFrozen(true);
    onDone();
  };
  if (frozen) return <Notice kind="caution" title={t('frozenNow')} />;
  return (
    <section class="card stack stack--tight" aria-labelledby="freeze">
      <h2 id="freeze">{t('freezeTitle')}</h2>
      <p>{t('freezeLead')}</p>
      {act.fault && <ErrorPanel fault={act.fault} />}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      <Button kind="danger" wide onClick={() => setAsking(true)}>
        {t('freezeButton')}
      </Button>
      {asking && (
        <Dialog title={t('freezeTitle')} onClose={() => setAsking(false)}>
          <p>{t('freezeConfirm')}</p>
          <Button kind="danger" wide armed busy={act.busy} onClick={() => void freeze()}>
            {t('freezeNow')}
          </Button>
          <Button kind="plain" wide onClick={() => setAsking(false)}>
            {t('keepOpen')}
          </Button>
        </Dialog>
      )}
    </section>
  );
}

function Thaw({ since, onDone }: { since: string; onDone: () => void }): JSX.Element {
  const { graph, session } = useWorld();
  const [act, send] = useMutation(graph, thawMyWallet, {
    root: 'thawMyWallet',
    success: ['MyWalletThawed'],
  });
  const prove = () => void session.signIn({ returnTo: HERE, acr: strongAcr, anew: true });
  const thaw = async () => {
    if ('done' in (await send({}))) onDone();
  };
  return (
    <section class="card stack stack--tight" aria-labelledby="thaw">
      <h2 id="thaw">{t('frozenNow')}</h2>
      <p>{t('frozenSince', { time: formatTime(since, locale.value) })}</p>
      <p>{t('thawLead')}</p>
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={prove} />}
      {act.refusal && (
        <RefusalPanel refusal={act.refusal}>
          {act.refusal.__typename === 'StepUpRequired' && (
            <Button onClick={prove}>{t('prove')}</Button>
          )}
        </RefusalPanel>
      )}
      <Button kind="secondary" wide busy={act.busy} onClick={() => void thaw()}>
        {t('thawButton')}
      </Button>
    </section>
  );
}
