import { Button, Dialog, ErrorPanel, RefusalPanel, uiText, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { approveCutOff, cancelCutOff, type CutOff, expireCutOff } from '../cut-off-operations.ts';
import { useOperatorId } from '../entry/operators.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { linesOf } from './cut-off-words.ts';
import { standingWish, type Step } from './next-steps.ts';

const operations = { APPROVE: approveCutOff, CANCEL: cancelCutOff, EXPIRE: expireCutOff };

/** One step with a cut-off, said in words before it is taken; tells which of the two persons this is. */
export function StepDialog(props: {
  cutOff: CutOff;
  step: Step;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { cutOff, step, onEnd } = props;
  const { graph, logInAgain } = useWorld();
  const own = useOperatorId();
  const [act, send] = useMutation(graph, operations[step], {
    root: 'result',
    success: ['CutOffChanged'],
  });
  const words = wordsOf(cutOff, step, own);
  const go = async () => {
    const outcome = await send({ id: cutOff.id });
    if ('done' in outcome) onEnd(t(doneWord(outcome.done.cutOff, step)));
  };
  return (
    <Dialog title={t(words.title)} onClose={() => onEnd(null)}>
      {linesOf(cutOff).map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p>{t(words.lead)}</p>
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('sendAgainSafe')}</p>}
      <div class="row">
        <Button
          kind={step === 'APPROVE' ? 'danger' : 'main'}
          armed={step === 'APPROVE'}
          busy={act.busy}
          onClick={() => void go()}
        >
          {t(words.button)}
        </Button>
        <Button kind="secondary" onClick={() => onEnd(null)}>
          {uiText('close')}
        </Button>
      </div>
    </Dialog>
  );
}

function wordsOf(
  cutOff: CutOff,
  step: Step,
  own: string,
): Record<'title' | 'lead' | 'button', Word> {
  if (step === 'APPROVE') {
    return { title: 'cutOffApproveTitle', lead: 'cutOffApproveWhat', button: 'cutOffApprove' };
  }
  if (cutOff.state === 'PROPOSED') {
    return { title: 'cutOffWithdrawTitle', lead: 'cutOffWithdrawWhat', button: 'cutOffWithdraw' };
  }
  const wish = standingWish(cutOff, new Date());
  const isSecond = wish?.how === step && wish.by.id !== own;
  const button = isSecond ? 'cutOffConfirm' : 'cutOffWish';
  return step === 'CANCEL'
    ? { title: 'cutOffCancelTitle', lead: 'cutOffCancelWhat', button }
    : { title: 'cutOffExpireTitle', lead: 'cutOffExpireWhat', button };
}

// What came of it is what the answer says: meanwhile somebody else may have wished the other thing.
function doneWord({ state, takingBackHow }: CutOff, step: Step): Word {
  if (step === 'APPROVE') return 'cutOffApprovedNow';
  if (takingBackHow !== null) return 'cutOffWished';
  return state === 'CANCELLED' ? 'cutOffCancelledNow' : 'cutOffExpiredNow';
}
