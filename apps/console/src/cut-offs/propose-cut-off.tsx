import { Button, ErrorPanel, type GraphFault, Notice, RefusalPanel, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { cohortSizeQuery, proposeCutOff } from '../cut-off-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import {
  cohortFaults,
  type CutOffForm,
  effectFaults,
  emptyCutOff,
  takesTwo,
  toCohort,
  toInput,
} from './cohort-form.ts';
import { CohortFields, EffectFields } from './cut-off-fields.tsx';

interface Counted {
  /** The cohort that was counted, as text: another one has to be counted again. */
  readonly of: string;
  readonly logins: number;
  readonly members: number;
}

/** Says which logins, counts them, and only then what happens to them and why. */
export function ProposeCutOff({ onDone }: { onDone: (told: string) => void }): JSX.Element {
  const { graph, logInAgain } = useWorld();
  const [form, setForm] = useState<CutOffForm>(emptyCutOff);
  const [counted, setCounted] = useState<Counted | null>(null);
  const [isCounting, setCounting] = useState(false);
  const [countFault, setCountFault] = useState<GraphFault | null>(null);
  const [checked, setChecked] = useState<'nothing' | 'cohort' | 'all'>('nothing');
  const [act, send] = useMutation(graph, proposeCutOff, {
    root: 'result',
    success: ['CutOffChanged'],
  });
  const change = (told: Partial<CutOffForm>) => setForm({ ...form, ...told });
  const ofCohort = cohortFaults(form);
  const ofEffects = effectFaults(form, new Date());
  const isCounted = counted?.of === keyOf(form) && ofCohort.size === 0;

  const count = async () => {
    setChecked('cohort');
    if (ofCohort.size > 0) return;
    const of = keyOf(form);
    setCounting(true);
    const answer = await graph(cohortSizeQuery, { cohort: toCohort(form) });
    setCounting(false);
    setCountFault('fault' in answer ? answer.fault : null);
    setCounted('fault' in answer ? null : { of, ...answer.data.cohortSize });
  };
  const propose = async () => {
    setChecked('all');
    if (ofEffects.size > 0) return;
    const outcome = await send({ input: toInput(form) });
    if (!('done' in outcome)) return;
    setForm(emptyCutOff);
    setCounted(null);
    setChecked('nothing');
    onDone(t(outcome.done.cutOff.state === 'PROPOSED' ? 'cutOffProposedNow' : 'cutOffCutNow'));
  };
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void (isCounted ? propose() : count());
      }}
    >
      <h2>{t('cutOffNewTitle')}</h2>
      <CohortFields
        form={form}
        faults={checked === 'nothing' ? new Map() : ofCohort}
        onChange={change}
      />
      {countFault && <ErrorPanel fault={countFault} onLogInAgain={logInAgain} />}
      <div aria-live="polite">
        {isCounted && counted && (
          <Notice kind="caution">
            <p>{t('cutOffCounted', { logins: counted.logins, members: counted.members })}</p>
          </Notice>
        )}
      </div>
      {isCounted && (
        <>
          <EffectFields
            form={form}
            faults={checked === 'all' ? ofEffects : new Map()}
            onChange={change}
          />
          <p>{t(takesTwo(form) ? 'cutOffTakesTwo' : 'cutOffTakesOne')}</p>
        </>
      )}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('cutOffLookFirst')}</p>}
      <div class="row">
        {isCounted ? (
          <Button type="submit" kind="danger" armed busy={act.busy}>
            {t(takesTwo(form) ? 'cutOffPropose' : 'cutOffCut')}
          </Button>
        ) : (
          <Button type="submit" busy={isCounting}>
            {t('cutOffCount')}
          </Button>
        )}
      </div>
    </form>
  );
}

const keyOf = (form: CutOffForm): string => JSON.stringify(toCohort(form));
