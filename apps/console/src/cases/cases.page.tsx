import { Notice, Page } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Duty } from '../entry/duty.ts';
import { ActsOf } from '../entry/operators.tsx';
import { useWho } from '../entry/who.tsx';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { HeldPayments } from './held-payments.tsx';
import { TopUpCases } from './top-up-cases.tsx';
import { WalletCases } from './wallet-cases.tsx';

type Queue = 'held' | 'member' | 'topUp';
interface QueueOf {
  readonly word: Word;
  readonly List: typeof HeldPayments;
  readonly reads: readonly Duty[];
  readonly acts: readonly Duty[];
}
const queues: Readonly<Record<Queue, QueueOf>> = {
  held: {
    word: 'heldTitle',
    List: HeldPayments,
    reads: ['support', 'security', 'auditor'],
    acts: ['support', 'security'],
  },
  member: {
    word: 'memberCases',
    List: WalletCases,
    reads: ['support', 'auditor'],
    acts: ['support'],
  },
  topUp: {
    word: 'topUpCases',
    List: TopUpCases,
    reads: ['support', 'finance', 'auditor'],
    acts: ['finance'],
  },
};

/** The desk: payments that wait for an answer, what members do not recognise, and money of top-ups without a place. */
export function CasesPage(): JSX.Element {
  const duties = useWho().me?.duties ?? [];
  const own = (['held', 'member', 'topUp'] as const).filter((each) =>
    queues[each].reads.some((duty) => duties.includes(duty)),
  );
  const [queue, setQueue] = useState<Queue>(own[0] ?? 'held');
  const [told, setTold] = useState<string | null>(null);
  const { List, acts } = queues[queue];
  return (
    <Page title={t('casesTitle')} face={t('name')} wide>
      <StateFilter
        states={own}
        state={queue}
        wordOf={(each) => t(queues[each].word)}
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
      <ActsOf value={acts}>
        <List key={queue} onTold={setTold} />
      </ActsOf>
    </Page>
  );
}
