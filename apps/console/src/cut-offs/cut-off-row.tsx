import { Button, formatTime, locale, StatusPill, type Tone } from '@7pay/ui';
import type { JSX } from 'preact';
import type { CutOff } from '../cut-off-operations.ts';
import { useOperatorId } from '../entry/operators.tsx';
import { t, type Word } from '../words.ts';
import { hasLapsed, nextSteps, standingWish, type Step } from './next-steps.ts';

const states: Readonly<Record<CutOff['state'], { word: Word; tone: Tone }>> = {
  PROPOSED: { word: 'cutOffProposed', tone: 'caution' },
  ACTIVE: { word: 'cutOffActive', tone: 'danger' },
  CANCELLED: { word: 'cutOffCancelled', tone: 'quiet' },
};

/** How a cut-off stands, and who did what. */
export function CutOffState({ cutOff }: { cutOff: CutOff }): JSX.Element {
  const now = new Date();
  const { word, tone } = states[cutOff.state];
  const wish = standingWish(cutOff, now);
  return (
    <div class="stack stack--tight">
      {hasLapsed(cutOff, now) ? (
        <StatusPill tone="quiet" word={t('cutOffLapsed')} />
      ) : (
        <StatusPill tone={tone} word={t(word)} />
      )}
      <p class="small">{formatTime(cutOff.cutAt, locale.value)}</p>
      <p class="small">{t('cutOffBy', { name: cutOff.proposedBy.displayName })}</p>
      {cutOff.approvedBy && (
        <p class="small">{t('cutOffApprovedBy', { name: cutOff.approvedBy.displayName })}</p>
      )}
      {wish && (
        <p class="small">
          {t(wish.how === 'CANCEL' ? 'cutOffWishCancel' : 'cutOffWishExpire', {
            name: wish.by.displayName,
          })}
        </p>
      )}
    </div>
  );
}

const stepWords: Readonly<Record<Step, Word>> = {
  APPROVE: 'cutOffApprove',
  CANCEL: 'cutOffCancel',
  EXPIRE: 'cutOffExpire',
};

/** The steps that are open to the operator at the screen. */
export function CutOffActions(props: {
  cutOff: CutOff;
  onStep: (step: Step) => void;
}): JSX.Element {
  const own = useOperatorId();
  const { cutOff, onStep } = props;
  const now = new Date();
  const isWaiting =
    cutOff.state === 'PROPOSED' && cutOff.proposedBy.id === own && !hasLapsed(cutOff, now);
  return (
    <div class="stack stack--tight">
      {isWaiting && <p class="small">{t('cutOffWaits')}</p>}
      {standingWish(cutOff, now)?.by.id === own && <p class="small">{t('cutOffWaits')}</p>}
      {nextSteps(cutOff, own, now).map((step) => (
        <Button
          key={step}
          kind={step === 'APPROVE' ? 'danger' : 'secondary'}
          onClick={() => onStep(step)}
        >
          {t(step === 'CANCEL' && cutOff.state === 'PROPOSED' ? 'cutOffWithdraw' : stepWords[step])}
        </Button>
      ))}
    </div>
  );
}
