import type { CutOff, TakingBack } from '../cut-off-operations.ts';
import { isOld } from '../proposal-life.ts';

/** What somebody may do with a cut-off. */
export type Step = 'APPROVE' | TakingBack;

/** Whether a proposal has waited too long for its second person. */
export const hasLapsed = ({ state, proposedAt }: CutOff, now: Date): boolean =>
  state === 'PROPOSED' && isOld(proposedAt, now);

/** Whose wish to take it back still stands, and which; a wish lapses as a proposal does. */
export function standingWish(cutOff: CutOff, now: Date) {
  const { takingBackHow: how, takingBackProposedAt: at, takingBackProposedBy: by } = cutOff;
  return how && at && by && !isOld(at, now) ? { how, by } : null;
}

/** The steps that are open to this operator. The platform decides; this only leaves out what it would refuse. */
export function nextSteps(cutOff: CutOff, own: string, now: Date): readonly Step[] {
  const { state, effects, expiresAt, proposedBy } = cutOff;
  if (state === 'CANCELLED') return [];
  if (state === 'PROPOSED') {
    return hasLapsed(cutOff, now) || proposedBy.id === own ? ['CANCEL'] : ['APPROVE', 'CANCEL'];
  }
  const wish = standingWish(cutOff, now);
  const lasts = effects.some((effect) => effect !== 'END_LOGINS');
  const isOver = expiresAt !== null && new Date(expiresAt) <= now;
  const open: TakingBack[] = lasts && !isOver ? ['CANCEL', 'EXPIRE'] : ['CANCEL'];
  return open.filter((how) => wish?.how !== how || wish.by.id !== own);
}
