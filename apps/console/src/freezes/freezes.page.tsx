import { Button, ErrorPanel, Field, type GraphFault, Loading, Notice, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { type FrozenWallet, walletByIdQuery } from '../desk-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { WalletCard } from './wallet-card.tsx';

/** Finds a wallet by its id, and stops or opens it. The id stands in the address, so that a case leads here. */
export function FreezesPage(): JSX.Element {
  const { graph } = useWorld();
  const { query, route } = useLocation();
  const asked = query['wallet'] ?? '';
  const [id, setId] = useState(asked);
  const [wallet, setWallet] = useState<FrozenWallet | null | undefined>(undefined);
  const [fault, setFault] = useState<GraphFault | null>(null);
  const find = async () => {
    if (asked === '') return;
    setWallet(undefined);
    const answer = await graph(walletByIdQuery, { id: asked });
    setFault('fault' in answer ? answer.fault : null);
    if (!('fault' in answer)) setWallet(answer.data.walletById);
  };
  useEffect(() => {
    setId(asked);
    void find();
  }, [asked]);
  const search = (event: Event) => {
    event.preventDefault();
    const wanted = id.trim();
    if (wanted === asked) void find();
    else route(`/console/freezes?wallet=${encodeURIComponent(wanted)}`);
  };
  return (
    <Page title={t('freezesTitle')} face={t('name')} wide>
      <p class="muted">{t('freezesLead')}</p>
      <form class="row search" role="search" onSubmit={search}>
        <Field label={t('walletId')} hint={t('walletIdHint')}>
          <input
            type="search"
            maxLength={100}
            autocomplete="off"
            value={id}
            onInput={(event) => setId(event.currentTarget.value)}
          />
        </Field>
        <Button type="submit">{t('find')}</Button>
      </form>
      {fault && <ErrorPanel fault={fault} onRetry={() => void find()} />}
      {asked !== '' && wallet === undefined && !fault && <Loading />}
      {wallet === null && <Notice kind="caution" title={t('walletUnknown')} />}
      {wallet && <WalletCard key={wallet.id} wallet={wallet} onChanged={setWallet} />}
    </Page>
  );
}
