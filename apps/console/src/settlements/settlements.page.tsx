import { Notice, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../words.ts';
import { Batches } from './batches.tsx';
import { PayoutFiles } from './payout-files.tsx';
import { Payouts } from './payouts.tsx';

/** What merchants are owed by business day, the files for the bank (two people), and what came back. */
export function SettlementsPage(): JSX.Element {
  const [told, setTold] = useState<string | null>(null);
  const [moves, setMoves] = useState(0);
  const tell = (sentence: string) => {
    setTold(sentence);
    setMoves(moves + 1); // what one list did shows in the others
  };
  const key = String(moves);
  return (
    <Page title={t('settlementsTitle')} face={t('name')} wide>
      <p class="muted">{t('settlementsLead')}</p>
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      <PayoutFiles moved={key} onTold={tell} />
      <Payouts moved={key} onTold={tell} />
      <Batches />
    </Page>
  );
}
