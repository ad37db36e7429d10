import {
  Button,
  ErrorPanel,
  formatTime,
  Loading,
  locale,
  Notice,
  Page,
  StatusPill,
  useAnswer,
  useLive,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Acts } from '../entry/operators.tsx';
import { ListTable } from '../list-table.tsx';
import { type Switch, switchesQuery, switchTold } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { CloseDialog } from './close-dialog.tsx';
import { nameOf } from './name-of.ts';
import { ReopenDialog } from './reopen-dialog.tsx';
import { standingReopening } from './reopening.ts';

/** O3: every function that can be stopped, how it stands, and the two ways to move it. Told of each change; asked every 2 s while it is not. */
export function SwitchesPage(): JSX.Element {
  const { graph, live } = useWorld();
  const again = useRef(() => {});
  const told = useLive(live, { operation: switchTold, variables: {} }, () => again.current());
  const asked = useAnswer(
    (signal) => graph(switchesQuery, {}, { signal }),
    told === 'live' ? {} : { everyMs: 2_000 },
  );
  again.current = asked.again;
  const [closing, setClosing] = useState<Switch | null>(null);
  const [reopening, setReopening] = useState<Switch | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const switches = asked.data?.switches;
  const closed = switches?.filter(({ state }) => state === 'CLOSED').length ?? 0;

  const end = (sentence: string | null) => {
    setClosing(null);
    setReopening(null);
    if (sentence) setDone(sentence);
    asked.again();
  };
  return (
    <Page title={t('switchesTitle')} face={t('name')} wide>
      <p class="muted">{t('switchesLead')}</p>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {asked.fault && switches && <p>{t('switchesOld')}</p>}
      {done && (
        <Notice kind="success">
          <p>{done}</p>
        </Notice>
      )}
      {!switches && !asked.fault && <Loading />}
      {switches && (
        <>
          <p>
            <strong>{closed === 0 ? t('allOpen') : t('someClosed', { count: closed })}</strong>
          </p>
          <SwitchTable switches={switches} onClose={setClosing} onReopen={setReopening} />
        </>
      )}
      {closing && <CloseDialog control={closing} onEnd={end} />}
      {reopening && <ReopenDialog control={reopening} onEnd={end} />}
    </Page>
  );
}

function SwitchTable(props: {
  switches: readonly Switch[];
  onClose: (control: Switch) => void;
  onReopen: (control: Switch) => void;
}): JSX.Element {
  return (
    <ListTable
      name={t('switchesTitle')}
      columns={['function', 'state', 'since', 'why', 'byWhom', 'action']}
    >
      <tbody>
        {props.switches.map((control) => (
          <SwitchRow key={control.key} control={control} {...props} />
        ))}
      </tbody>
    </ListTable>
  );
}

function SwitchRow(props: {
  control: Switch;
  onClose: (control: Switch) => void;
  onReopen: (control: Switch) => void;
}): JSX.Element {
  const { control, onClose, onReopen } = props;
  const { state, since, changedBy } = control;
  const proposal = standingReopening(control, new Date());
  const reason = locale.value === 'ja' ? control.reasonJa : control.reasonEn;
  return (
    <tr>
      <th scope="row">
        {nameOf(control)}
        <br />
        <code class="muted">{control.key}</code>
      </th>
      <td>
        <div class="stack stack--tight">
          {state === 'OPEN' ? (
            <StatusPill tone="success" word={t('open')} />
          ) : (
            <StatusPill tone="danger" word={t('closed')} />
          )}
          {proposal && <StatusPill tone="caution" word={t('proposed')} />}
        </div>
      </td>
      <td class="figures">{since ? formatTime(since, locale.value) : t('never')}</td>
      <td>{reason ?? <span class="muted">{t('none')}</span>}</td>
      <td>
        {changedBy?.displayName ?? <span class="muted">{t('none')}</span>}
        {proposal && <p class="small">{t('proposedBy', { name: proposal.by.displayName })}</p>}
      </td>
      <td>
        <Acts>
          <div class="row">
            {state === 'CLOSED' && (
              <Button kind="secondary" onClick={() => onReopen(control)}>
                {proposal ? t('confirmReopen') : t('proposeReopen')}
              </Button>
            )}
            {(state === 'OPEN' || proposal) && (
              <Button kind="danger" onClick={() => onClose(control)}>
                {t('stop')}
              </Button>
            )}
          </div>
        </Acts>
      </td>
    </tr>
  );
}
