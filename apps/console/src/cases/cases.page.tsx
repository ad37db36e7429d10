import { Notice, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { HeldPayments } from './held-payments.tsx';
import { TopUpCases } from './top-up-cases.tsx';
import { WalletCases } from './wallet-cases.tsx';

type Queue = 'held' | 'member' | 'topUp';
const queueWords: Readonly<Record<Queue, Word>> = {
  held: 'heldTitle',
  member: 'memberCases',
  topUp: 'topUpCases',
};

/** The desk: payments that wait for an answer, what members do not recognise, and money of top-ups without a place. */
export function CasesPage(): JSX.Element {
  const [queue, setQueue] = useState<Queue>('held');
  const [told, setTold] = useState<string | null>(null);
  const List = { held: HeldPayments, member: WalletCases, topUp: TopUpCases }[queue];
  return (
    <Page title={t('casesTitle')} face={t('name')} wide>
      <StateFilter
        states={['held', 'member', 'topUp']}
        state={queue}
        wordOf={(each) => t(queueWords[each])}
        onChoose={(each) => {
          setQueue(each);
          setTold(null);
        }}
      />
      <div aria-live="polite">
        {told && (
          <Notice kind="success">
            <p>{told}</p>
          </Notice>
        )}
      </div>
      <List key={queue} onTold={setTold} />
    </Page>
  );
}
