import {
  AmountText,
  Button,
  formatTime,
  locale,
  pick,
  StatusPill,
  useMutation,
  usePages,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  takeTopUpCase,
  type TopUpCase,
  type TopUpCaseReason,
  topUpCasesQuery,
} from '../desk-operations.ts';
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { WalletLink } from '../wallet-link.tsx';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { ResolveCase, resolutionWords } from './resolve-case.tsx';
import { TakeButton } from './take-button.tsx';

const reasonWords: Readonly<Record<TopUpCaseReason, Word>> = {
  WALLET_REFUSED: 'reasonWalletRefused',
  NEVER_ASKED: 'reasonNeverAsked',
  AMOUNT_DIFFERS: 'reasonAmountDiffers',
  TAKEN_AFTER_DECLINED: 'reasonTakenAfterDeclined',
  NOT_TAKEN_AFTER_SETTLED: 'reasonNotTaken',
  VOID_TOO_LATE: 'reasonVoidTooLate',
};

/** Money of top-ups that lies apart: take a case, say where the money goes. */
export function TopUpCases({ onTold }: { onTold: (told: string) => void }): JSX.Element {
  const { graph } = useWorld();
  const [state, setState] = useState<TopUpCase['state']>('OPEN');
  const [chosen, setChosen] = useState<TopUpCase | null>(null);
  const pages = usePages(
    async (after) => pick(await graph(topUpCasesQuery, { state, after }), 'topUpCases'),
    state,
  );
  return (
    <>
      <StateFilter
        states={['OPEN', 'RESOLVED']}
        state={state}
        wordOf={(each) => t(each === 'OPEN' ? 'caseOpen' : 'caseClosed')}
        onChoose={setState}
      />
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('topUpCases')}
          columns={['case', 'amount', 'why', 'openedAt', 'state', 'action']}
        >
          <tbody>
            {pages.rows.map((row) => (
              <CaseRow
                key={row.id}
                row={row}
                onResolve={() => setChosen(row)}
                onTaken={pages.reread}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('casesEmpty')} />
      {chosen && (
        <ResolveCase
          row={chosen}
          onEnd={(told) => {
            setChosen(null);
            if (told) onTold(told);
            pages.reread();
          }}
        />
      )}
    </>
  );
}

function CaseRow(props: {
  row: TopUpCase;
  onResolve: () => void;
  onTaken: () => void;
}): JSX.Element {
  const { row, onResolve, onTaken } = props;
  const { graph } = useWorld();
  const own = useOperatorId();
  const [act, take] = useMutation(graph, takeTopUpCase, {
    root: 'takeTopUpCase',
    success: ['TopUpCaseTaken'],
  });
  return (
    <tr>
      <th scope="row">
        {row.source}
        <br />
        <code class="small">{row.partyReference ?? row.id}</code>
        <br />
        <WalletLink id={row.walletId} />
      </th>
      <td>
        <AmountText yen={row.amount} />
      </td>
      <td>{t(reasonWords[row.reason])}</td>
      <td>{formatTime(row.openedAt, locale.value)}</td>
      <td>
        <StatusPill
          tone={row.state === 'OPEN' ? 'caution' : 'quiet'}
          word={row.resolution ? t(resolutionWords[row.resolution]) : t('caseOpen')}
        />
        {row.takenBy && <p class="small">{t('takenBy', { name: row.takenBy.displayName })}</p>}
        {row.proposal && row.state === 'OPEN' && (
          <p class="small">
            {t('writeOffProposed', { name: row.proposal.by.displayName })} {row.proposal.note}
          </p>
        )}
        {row.resolvedBy && (
          <p class="small">{t('closedBy', { name: row.resolvedBy.displayName })}</p>
        )}
        {row.note !== '' && <p class="small">{row.note}</p>}
      </td>
      <td>
        {row.state === 'OPEN' && (
          <Acts>
            <div class="row">
              <TakeButton
                isOwn={row.takenBy?.id === own}
                act={act}
                onTake={async () => {
                  if ('done' in (await take({ caseId: row.id }))) onTaken();
                }}
              />
              <Button onClick={onResolve}>{t('resolve')}</Button>
            </div>
          </Acts>
        )}
      </td>
    </tr>
  );
}
