import {
  Button,
  ErrorPanel,
  formatTime,
  locale,
  Notice,
  RefusalPanel,
  StatusPill,
  type Tone,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type FrozenWallet, thawWallet } from '../desk-operations.ts';
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { FreezeDialog } from './freeze-dialog.tsx';

const states: Readonly<Record<FrozenWallet['state'], { word: Word; tone: Tone }>> = {
  OPEN: { word: 'walletOpen', tone: 'success' },
  FROZEN: { word: 'walletFrozen', tone: 'caution' },
  CLOSED: { word: 'walletClosed', tone: 'quiet' },
};

/** How a wallet stands, why, and what was done to it; the one thing an operator may do with it. */
export function WalletCard(props: {
  wallet: FrozenWallet;
  onChanged: (wallet: FrozenWallet) => void;
}): JSX.Element {
  const { wallet, onChanged } = props;
  const { graph, logInAgain } = useWorld();
  const own = useOperatorId();
  const [freezing, setFreezing] = useState(false);
  const [act, thaw] = useMutation(graph, thawWallet, {
    root: 'thawWallet',
    success: ['WalletFreezeChanged'],
  });
  const { word, tone } = states[wallet.state];
  const { operatorFreeze, ownFreeze } = wallet;
  const isOwn = operatorFreeze?.actor?.id === own;
  return (
    <section class="card stack" aria-labelledby="wallet">
      <h2 id="wallet">
        <code>{wallet.id}</code>
      </h2>
      <p>
        <StatusPill tone={tone} word={t(word)} />
      </p>
      {ownFreeze && <p>{t('frozenByMember', { time: formatTime(ownFreeze.at, locale.value) })}</p>}
      {operatorFreeze && (
        <Notice kind="caution" title={t('frozenByDesk')}>
          <p>
            {formatTime(operatorFreeze.at, locale.value)} {operatorFreeze.actor?.displayName}
          </p>
          <p lang="ja">{operatorFreeze.reasonJa}</p>
          <p lang="en">{operatorFreeze.reasonEn}</p>
        </Notice>
      )}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      {wallet.state !== 'CLOSED' && (
        <Acts>
          <div class="row">
            {!operatorFreeze && (
              <Button kind="danger" onClick={() => setFreezing(true)}>
                {t('freeze')}
              </Button>
            )}
            {operatorFreeze && isOwn && <p class="muted">{t('otherThaws')}</p>}
            {operatorFreeze && !isOwn && (
              <Button
                busy={act.busy}
                onClick={async () => {
                  const outcome = await thaw({ walletId: wallet.id });
                  if ('done' in outcome) onChanged(outcome.done.wallet);
                }}
              >
                {t('thaw')}
              </Button>
            )}
          </div>
        </Acts>
      )}
      <History wallet={wallet} />
      {freezing && (
        <FreezeDialog
          walletId={wallet.id}
          onEnd={(changed) => {
            setFreezing(false);
            if (changed) onChanged(changed);
          }}
        />
      )}
    </section>
  );
}

function History({ wallet: { freezeHistory } }: { wallet: FrozenWallet }): JSX.Element {
  if (freezeHistory.length === 0) return <p class="muted">{t('freezeHistoryEmpty')}</p>;
  return (
    <div class="table-scroll">
      <table>
        <caption>{t('freezeHistory')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('when')}</th>
            <th scope="col">{t('action')}</th>
            <th scope="col">{t('byWhom')}</th>
            <th scope="col">{t('why')}</th>
          </tr>
        </thead>
        <tbody>
          {freezeHistory.map((row) => (
            <tr key={row.id}>
              <td>{formatTime(row.at, locale.value)}</td>
              <td>{t(row.action === 'FREEZE' ? 'freeze' : 'thaw')}</td>
              <td>
                {row.side === 'MEMBER' ? t('theMember') : (row.actor?.displayName ?? t('none'))}
              </td>
              <td>{(locale.value === 'ja' ? row.reasonJa : row.reasonEn) ?? t('none')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
