import { Button, formatTime, locale, pick, StatusPill, useMutation, usePages } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Choice } from '../choice.tsx';
import {
  type CaseOutcome,
  closeWalletCase,
  takeWalletCase,
  type WalletCase,
  walletCasesQuery,
} from '../desk-operations.ts';
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { NoteDialog } from '../note-dialog.tsx';
import { WalletLink } from '../wallet-link.tsx';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { TakeButton } from './take-button.tsx';

const outcomes: readonly CaseOutcome[] = ['RECOGNISED', 'REFUNDED', 'COMPENSATED', 'REJECTED'];
const outcomeWords: Readonly<Record<CaseOutcome, Word>> = {
  RECOGNISED: 'outcomeRecognised',
  REFUNDED: 'outcomeRefunded',
  COMPENSATED: 'outcomeCompensated',
  REJECTED: 'outcomeRejected',
};

/** What members do not recognise: take a case, look into it, close it once. */
export function WalletCases({ onTold }: { onTold: (told: string) => void }): JSX.Element {
  const { graph } = useWorld();
  const [state, setState] = useState<WalletCase['state']>('OPEN');
  const [chosen, setChosen] = useState<WalletCase | null>(null);
  const pages = usePages(
    async (after) => pick(await graph(walletCasesQuery, { state, after }), 'walletCases'),
    state,
  );
  return (
    <>
      <StateFilter
        states={['OPEN', 'CLOSED']}
        state={state}
        wordOf={(each) => t(each === 'OPEN' ? 'caseOpen' : 'caseClosed')}
        onChoose={setState}
      />
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('memberCases')}
          columns={['case', 'memberSays', 'openedAt', 'state', 'action']}
        >
          <tbody>
            {pages.rows.map((row) => (
              <CaseRow
                key={row.id}
                row={row}
                onClose={() => setChosen(row)}
                onTaken={pages.reread}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('casesEmpty')} />
      {chosen && (
        <CloseCase
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
  row: WalletCase;
  onClose: () => void;
  onTaken: () => void;
}): JSX.Element {
  const { row, onClose, onTaken } = props;
  const { graph } = useWorld();
  const own = useOperatorId();
  const [act, take] = useMutation(graph, takeWalletCase, {
    root: 'takeWalletCase',
    success: ['WalletCaseTaken'],
  });
  return (
    <tr>
      <th scope="row">
        <code class="small">{row.subject}</code>
        <br />
        <WalletLink id={row.wallet?.id ?? null} />
      </th>
      <td>{row.note === '' ? t('none') : row.note}</td>
      <td>{formatTime(row.openedAt, locale.value)}</td>
      <td>
        <StatusPill
          tone={row.state === 'OPEN' ? 'caution' : 'quiet'}
          word={row.outcome ? t(outcomeWords[row.outcome]) : t('caseOpen')}
        />
        {row.takenBy && <p class="small">{t('takenBy', { name: row.takenBy.displayName })}</p>}
        {row.closedBy && <p class="small">{t('closedBy', { name: row.closedBy.displayName })}</p>}
        {row.closingNote && <p class="small">{row.closingNote}</p>}
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
              <Button onClick={onClose}>{t('caseClose')}</Button>
            </div>
          </Acts>
        )}
      </td>
    </tr>
  );
}

function CloseCase(props: { row: WalletCase; onEnd: (told: string | null) => void }): JSX.Element {
  const { row, onEnd } = props;
  const { graph } = useWorld();
  const [outcome, setOutcome] = useState<CaseOutcome>('RECOGNISED');
  const [act, send] = useMutation(graph, closeWalletCase, {
    root: 'closeWalletCase',
    success: ['WalletCaseClosed'],
  });
  return (
    <NoteDialog
      title={t('caseCloseTitle')}
      lead={t('caseCloseWhat')}
      button={t('caseClose')}
      act={act}
      onSend={async (note) => {
        const sent = await send({ input: { caseId: row.id, outcome, note } });
        if ('done' in sent) onEnd(t('caseClosedNow'));
      }}
      onClose={() => onEnd(null)}
    >
      <Choice
        legend={t('outcome')}
        values={outcomes}
        value={outcome}
        wordOf={(value) => t(outcomeWords[value])}
        onChoose={setOutcome}
      />
    </NoteDialog>
  );
}
