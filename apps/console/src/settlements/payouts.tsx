import {
  AmountText,
  Button,
  formatTime,
  locale,
  pick,
  StatusPill,
  type Tone,
  usePages,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Acts } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { type Payout, payoutsQuery, type PayoutState } from '../settlement-operations.ts';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { DecideReturn } from './decide-return.tsx';

const states: Readonly<Record<PayoutState, { word: Word; tone: Tone }>> = {
  RETURNED: { word: 'payoutReturned', tone: 'danger' },
  DUE: { word: 'payoutDue', tone: 'caution' },
  SENT: { word: 'payoutSent', tone: 'caution' },
  PAID: { word: 'payoutPaid', tone: 'success' },
  REPLACED: { word: 'payoutReplaced', tone: 'quiet' },
  KEPT: { word: 'payoutKept', tone: 'quiet' },
};

/** Payouts by their state; those that came back first, because they wait for a decision. */
export function Payouts(props: { moved: string; onTold: (told: string) => void }): JSX.Element {
  const { graph } = useWorld();
  const [state, setState] = useState<PayoutState>('RETURNED');
  const [chosen, setChosen] = useState<Payout | null>(null);
  const pages = usePages(
    async (after) => pick(await graph(payoutsQuery, { state, after }), 'payouts'),
    `${state} ${props.moved}`,
  );
  return (
    <>
      <h2>{t('payouts')}</h2>
      <StateFilter
        states={Object.keys(states) as PayoutState[]}
        state={state}
        wordOf={(each) => t(states[each].word)}
        onChoose={setState}
      />
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('payouts')}
          columns={['merchant', 'amount', 'payoutTo', 'since', 'state', 'action']}
        >
          <tbody>
            {pages.rows.map((payout) => (
              <PayoutRow key={payout.id} payout={payout} onDecide={() => setChosen(payout)} />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('payoutsEmpty')} />
      {chosen && (
        <DecideReturn
          payout={chosen}
          onEnd={(told) => {
            setChosen(null);
            if (told) props.onTold(told);
            else pages.reread();
          }}
        />
      )}
    </>
  );
}

function PayoutRow({ payout, onDecide }: { payout: Payout; onDecide: () => void }): JSX.Element {
  const { word, tone } = states[payout.state];
  return (
    <tr>
      <th scope="row">
        <code class="small">{payout.merchantId}</code>
        {payout.attempt > 1 && <p class="small">{t('payoutAttempt', { count: payout.attempt })}</p>}
      </th>
      <td>
        <AmountText yen={payout.amount} />
      </td>
      <td>{payout.paidTo ?? <span class="muted">{t('none')}</span>}</td>
      <td>{formatTime(payout.createdAt, locale.value)}</td>
      <td>
        <StatusPill tone={tone} word={t(word)} />
        {payout.note !== '' && <p class="small">{payout.note}</p>}
      </td>
      <td>
        <Acts>
          {payout.state === 'RETURNED' && <Button onClick={onDecide}>{t('payoutDecide')}</Button>}
        </Acts>
      </td>
    </tr>
  );
}
