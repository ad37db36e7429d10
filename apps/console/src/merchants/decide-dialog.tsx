import { Button, Dialog, ErrorPanel, Field, RefusalPanel, uiText, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  approveApplication,
  type MerchantApplication,
  recommendApplication,
  rejectApplication,
} from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import type { Decision } from './decisions.ts';

const words = {
  recommend: {
    title: 'recommendTitle',
    what: 'recommendWhat',
    act: 'recommend',
    done: 'recommendedNow',
  },
  approve: { title: 'approveTitle', what: 'approveWhat', act: 'approve', done: 'approvedNow' },
  reject: { title: 'rejectTitle', what: 'rejectWhat', act: 'reject', done: 'rejectedNow' },
} as const;

/** One decision on an application, said in words before it is made. */
export function DecideDialog(props: {
  application: MerchantApplication;
  decision: Decision;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { application, decision, onEnd } = props;
  const { graph, logInAgain } = useWorld();
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const success = ['MerchantApplicationDecided'] as const;
  const [recommending, recommend] = useMutation(graph, recommendApplication, {
    root: 'recommendMerchantApplication',
    success,
  });
  const [approving, approve] = useMutation(graph, approveApplication, {
    root: 'approveMerchantApplication',
    success,
  });
  const [rejecting, reject] = useMutation(graph, rejectApplication, {
    root: 'rejectMerchantApplication',
    success,
  });
  const act = { recommend: recommending, approve: approving, reject: rejecting }[decision];
  const word = words[decision];

  const decide = async (event: Event) => {
    event.preventDefault();
    setChecked(true);
    const applicationId = application.id;
    if (decision === 'reject' && reason.trim() === '') return;
    const outcome =
      decision === 'recommend'
        ? await recommend({ input: { applicationId } })
        : decision === 'approve'
          ? await approve({ input: { applicationId } })
          : await reject({ input: { applicationId, reason } });
    if ('done' in outcome) onEnd(t(word.done, { name: application.merchantName }));
  };
  return (
    <Dialog title={t(word.title, { name: application.merchantName })} onClose={() => onEnd(null)}>
      <p>{t(word.what)}</p>
      <form class="stack" onSubmit={(event) => void decide(event)} noValidate>
        {decision === 'reject' && (
          <Field
            label={t('rejectReason')}
            hint={t('rejectReasonHint')}
            error={checked && reason.trim() === '' ? t('reasonMissing') : null}
          >
            <textarea
              maxLength={500}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </Field>
        )}
        {act.refusal && <RefusalPanel refusal={act.refusal} />}
        {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
        <div class="row">
          <Button
            type="submit"
            kind={decision === 'reject' ? 'danger' : 'main'}
            armed={decision === 'reject'}
            busy={act.busy}
          >
            {t(word.act)}
          </Button>
          <Button kind="secondary" onClick={() => onEnd(null)}>
            {uiText('cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
