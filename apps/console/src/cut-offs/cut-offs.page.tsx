import { ErrorPanel, formatTime, Loading, locale, Notice, Page, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Acts } from '../entry/operators.tsx';
import { ListTable } from '../list-table.tsx';
import { type CutOff, cutOffsQuery } from '../cut-off-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { CutOffActions, CutOffState } from './cut-off-row.tsx';
import { effectWords, linesOf } from './cut-off-words.ts';
import type { Step } from './next-steps.ts';
import { ProposeCutOff } from './propose-cut-off.tsx';
import { StepDialog } from './step-dialog.tsx';

/** The cut-offs that stand or wait for a second person, and the form that counts before it cuts. */
export function CutOffsPage(): JSX.Element {
  const { graph } = useWorld();
  const asked = useAnswer((signal) => graph(cutOffsQuery, {}, { signal }), { everyMs: 5_000 });
  const [chosen, setChosen] = useState<{ cutOff: CutOff; step: Step } | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const cutOffs = asked.data?.cutOffs;
  const end = (sentence: string | null) => {
    setChosen(null);
    if (sentence) setTold(sentence);
    asked.again();
  };
  return (
    <Page title={t('cutOffsTitle')} face={t('name')} wide>
      <p class="muted">{t('cutOffsLead')}</p>
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {!cutOffs && !asked.fault && <Loading />}
      {cutOffs?.length === 0 && <p>{t('cutOffsEmpty')}</p>}
      {cutOffs && cutOffs.length > 0 && (
        <ListTable
          name={t('cutOffsTitle')}
          columns={['cutOffWhich', 'cutOffWhat', 'why', 'state', 'action']}
        >
          <tbody>
            {cutOffs.map((cutOff) => (
              <CutOffRow
                key={cutOff.id}
                cutOff={cutOff}
                onStep={(step) => setChosen({ cutOff, step })}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      {chosen && <StepDialog {...chosen} onEnd={end} />}
      <Acts>
        <ProposeCutOff onDone={end} />
      </Acts>
    </Page>
  );
}

function CutOffRow(props: { cutOff: CutOff; onStep: (step: Step) => void }): JSX.Element {
  const { cutOff, onStep } = props;
  const { effects, scopes, reasonJa, reasonEn, expiresAt } = cutOff;
  return (
    <tr>
      <th scope="row">
        {linesOf(cutOff).map((line) => (
          <div key={line}>{line}</div>
        ))}
        <code class="muted small">{cutOff.id}</code>
      </th>
      <td>
        {effects.map((effect) => (
          <div key={effect}>{t(effectWords[effect])}</div>
        ))}
        {scopes.length > 0 && (
          <p class="small">
            {t('cutOffScopes')}: {scopes.join(', ')}
          </p>
        )}
        {expiresAt && (
          <p class="small">{t('cutOffExpires', { time: formatTime(expiresAt, locale.value) })}</p>
        )}
      </td>
      <td>{locale.value === 'ja' ? reasonJa : reasonEn}</td>
      <td>
        <CutOffState cutOff={cutOff} />
      </td>
      <td>
        <Acts>
          <CutOffActions cutOff={cutOff} onStep={onStep} />
        </Acts>
      </td>
    </tr>
  );
}
