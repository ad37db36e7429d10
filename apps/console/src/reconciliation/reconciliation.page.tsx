import {
  AmountText,
  Button,
  formatTime,
  locale,
  Notice,
  Page,
  pick,
  useMutation,
  usePages,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  type ExceptionClass,
  exceptionsQuery,
  type ReconciliationException,
  resolveException,
} from '../desk-operations.ts';
import { Acts } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { NoteDialog } from '../note-dialog.tsx';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

const classWords: Readonly<Record<ExceptionClass, Word>> = {
  AMOUNT_DIFFERS: 'classAmountDiffers',
  UNKNOWN_TO_US: 'classUnknownToUs',
  NOT_BOOKED: 'classNotBooked',
  DOUBLED: 'classDoubled',
  MISSING_THERE: 'classMissingThere',
  UNDECIDED: 'classUndecided',
  UNREADABLE: 'classUnreadable',
};

/** What does not match between our books and the files of others, until somebody has looked at it. */
export function ReconciliationPage(): JSX.Element {
  const { graph } = useWorld();
  const [state, setState] = useState<ReconciliationException['state']>('OPEN');
  const [chosen, setChosen] = useState<ReconciliationException | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const pages = usePages(
    async (after) =>
      pick(await graph(exceptionsQuery, { state, after }), 'reconciliationExceptions'),
    state,
  );
  return (
    <Page title={t('reconciliationTitle')} face={t('name')} wide>
      <p class="muted">{t('reconciliationLead')}</p>
      <StateFilter
        states={['OPEN', 'RESOLVED']}
        state={state}
        wordOf={(each) => t(each === 'OPEN' ? 'exceptionOpen' : 'exceptionResolved')}
        onChoose={setState}
      />
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('reconciliationTitle')}
          columns={['exception', 'theirs', 'ours', 'comparedAt', 'action']}
        >
          <tbody>
            {pages.rows.map((row) => (
              <ExceptionRow key={row.id} row={row} onResolve={() => setChosen(row)} />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('exceptionsEmpty')} />
      {chosen && (
        <Resolve
          row={chosen}
          onEnd={(sentence) => {
            setChosen(null);
            if (sentence) setTold(sentence);
            pages.reread();
          }}
        />
      )}
    </Page>
  );
}

function ExceptionRow(props: { row: ReconciliationException; onResolve: () => void }): JSX.Element {
  const { row, onResolve } = props;
  const amountOf = (yen: number | null) => (yen === null ? t('none') : <AmountText yen={yen} />);
  return (
    <tr>
      <th scope="row">
        {row.party} · {t(classWords[row.class])}
        {row.reason && <p class="small">{row.reason}</p>}
        <p class="small">
          <code>{row.ourId ?? row.theirId ?? t('line', { number: row.number ?? 0 })}</code>
        </p>
      </th>
      <td>{amountOf(row.theirs)}</td>
      <td>{amountOf(row.ours)}</td>
      <td>{formatTime(row.at, locale.value)}</td>
      <td>
        {row.state === 'OPEN' ? (
          <Acts>
            <Button kind="secondary" onClick={onResolve}>
              {t('exceptionResolve')}
            </Button>
          </Acts>
        ) : (
          <>
            <p class="small">
              {t('closedBy', { name: row.resolvedBy?.displayName ?? t('none') })}
              {row.resolvedAt && ` ${formatTime(row.resolvedAt, locale.value)}`}
            </p>
            <p class="small">{row.note}</p>
          </>
        )}
      </td>
    </tr>
  );
}

function Resolve(props: {
  row: ReconciliationException;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { row, onEnd } = props;
  const { graph } = useWorld();
  const [act, send] = useMutation(graph, resolveException, {
    root: 'resolveReconciliationException',
    success: ['ReconciliationExceptionResolved'],
  });
  return (
    <NoteDialog
      title={t('exceptionResolveTitle')}
      lead={t('exceptionResolveWhat')}
      button={t('exceptionResolve')}
      act={act}
      onSend={async (note) => {
        if ('done' in (await send({ input: { id: row.id, note } }))) onEnd(t('exceptionDone'));
      }}
      onClose={() => onEnd(null)}
    />
  );
}
