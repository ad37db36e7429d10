import {
  type Cohort,
  CUT_OFFS_MAX,
  type CutOff,
  type CutOffEffect,
  hasLapsed,
  isSpent,
  peopleFor,
  PROPOSAL_MINUTES,
  type TakingBack,
} from '@7pay/controls';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

export type CutOffRefusal =
  | 'UNKNOWN_CUT_OFF'
  | 'TOO_MANY_CUT_OFFS'
  | 'CUT_OFF_NOT_OPEN'
  | 'SECOND_PERSON_REQUIRED';

declareRefusals('cut-off', {
  UNKNOWN_CUT_OFF: { ja: 'その遮断はありません。', en: 'There is no such cut-off.' },
  TOO_MANY_CUT_OFFS: {
    ja: '遮断は同時に{max}件までです。不要なものを取り消してください。',
    en: 'At most {max} cut-offs stand at once. Please take back what is not needed.',
  },
  CUT_OFF_NOT_OPEN: {
    ja: 'この遮断はすでに確定、取消、または失効しています。',
    en: 'This cut-off was decided, taken back, or has lapsed.',
  },
});

/** What an operator asks for. */
export interface CutOffRequest {
  readonly cohort: Cohort;
  readonly effects: readonly CutOffEffect[];
  readonly scopes: readonly string[];
  readonly reason: { readonly ja: string; readonly en: string };
  readonly expiresAt: Date | null;
}

/** What a step leads to: the cut-off as it then stands, and whether anything changes for the services. */
export interface CutOffStep {
  readonly cutOff: CutOff;
  readonly moves: boolean;
}

/** Those that change nothing any more, whose room another one may have. */
export const spentOf = (all: readonly CutOff[], at: Date): CutOff[] =>
  all.filter((cutOff) => isSpent(cutOff, at));

/** What makes a request pointless at that time: it would be over before it began. Null when nothing does. */
export function overAlready(
  { cohort, effects, expiresAt }: Pick<CutOffRequest, 'cohort' | 'effects' | 'expiresAt'>,
  at: Date,
): 'expiresAt' | 'until' | null {
  if (expiresAt && expiresAt <= at) return 'expiresAt';
  const blocksOnly = effects.every((effect) => effect === 'BLOCK_NEW');
  return blocksOnly && cohort.until && cohort.until < at ? 'until' : null;
}

/** Proposes a cut-off; where one person is enough it is in force with it. */
export function propose(
  request: CutOffRequest,
  { id, by, at, standing }: { id: string; by: string; at: Date; standing: number },
): CutOffStep | Refused<'TOO_MANY_CUT_OFFS'> {
  if (standing >= CUT_OFFS_MAX) return refuse('TOO_MANY_CUT_OFFS', { max: CUT_OFFS_MAX });
  const moves = peopleFor(request, at) === 1;
  const cutOff: CutOff = {
    ...request,
    id,
    state: moves ? 'ACTIVE' : 'PROPOSED',
    cutAt: at,
    generation: 0,
    proposedBy: by,
    proposedAt: at,
    approvedBy: null,
    takingBack: null,
  };
  return { cutOff, moves };
}

/** Puts a proposal in force: another person than the first, within 30 minutes. The cut is now, not when it was proposed. */
export function approve(
  cutOff: CutOff | null,
  by: string,
  at: Date,
): CutOffStep | Refused<Exclude<CutOffRefusal, 'TOO_MANY_CUT_OFFS'>> {
  if (!cutOff) return refuse('UNKNOWN_CUT_OFF');
  const isOpen = cutOff.state === 'PROPOSED' && !hasLapsed(cutOff, at) && !overAlready(cutOff, at);
  if (!isOpen) return refuse('CUT_OFF_NOT_OPEN');
  if (cutOff.proposedBy === by) return refuse('SECOND_PERSON_REQUIRED');
  return { cutOff: { ...cutOff, state: 'ACTIVE', approvedBy: by, cutAt: at }, moves: true };
}

/**
 * Takes a cut-off back. What is only proposed is withdrawn by anybody. What is in force takes two: one wishes, another one
 * does the same within 30 minutes.
 */
export function takeBack(
  cutOff: CutOff | null,
  how: TakingBack,
  { by, at }: { by: string; at: Date },
): CutOffStep | Refused<Exclude<CutOffRefusal, 'TOO_MANY_CUT_OFFS'>> {
  if (!cutOff) return refuse('UNKNOWN_CUT_OFF');
  const { takingBack, state, expiresAt } = cutOff;
  if (state === 'CANCELLED') return refuse('CUT_OFF_NOT_OPEN');
  if (state === 'PROPOSED') return { cutOff: { ...cutOff, state: 'CANCELLED' }, moves: false };
  if (how === 'EXPIRE' && expiresAt && expiresAt <= at) return refuse('CUT_OFF_NOT_OPEN');

  const age = takingBack ? at.getTime() - takingBack.at.getTime() : Infinity;
  const stands = takingBack?.how === how && age <= PROPOSAL_MINUTES * 60_000;
  if (!stands) return { cutOff: { ...cutOff, takingBack: { by, at, how } }, moves: false };
  if (takingBack.by === by) return refuse('SECOND_PERSON_REQUIRED');
  const changed = how === 'CANCEL' ? { state: 'CANCELLED' as const } : { expiresAt: at };
  return { cutOff: { ...cutOff, ...changed, takingBack: null }, moves: true };
}
