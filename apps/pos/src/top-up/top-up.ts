import type { GraphFault } from '@7pay/ui';
import type { Refusal, TopUp } from '../operations.ts';
import type { SentTopUp } from '../sale/open-work.store.ts';

/**
 * A cash top-up at the register. The platform takes the same number twice for once, so a lost answer is
 * found again by sending the same again; only the same number may be sent until the answer is final.
 */
export type CashTopUp =
  | { readonly step: 'amount' }
  | { readonly step: 'count'; readonly amount: number }
  | { readonly step: 'scan'; readonly amount: number }
  | { readonly step: 'sending'; readonly sent: SentTopUp; readonly code: string }
  | {
      readonly step: 'unsure';
      readonly sent: SentTopUp;
      /** The code, while this page has it; after a reload it must be shown again. */
      readonly code: string | null;
      readonly fault: GraphFault | null;
      readonly refusal: Refusal | null;
      /** The platform has the top-up and waits for the register network. */
      readonly pending: boolean;
    }
  | { readonly step: 'done'; readonly topUp: TopUp }
  | { readonly step: 'arrived-before'; readonly sent: SentTopUp }
  | { readonly step: 'refused'; readonly refusal: Refusal }
  | { readonly step: 'not-sent'; readonly fault: GraphFault };

/** What came back for a top-up that was sent. */
export type TopUpAnswer =
  | { readonly topUp: TopUp }
  | { readonly refusal: Refusal }
  | { readonly fault: GraphFault };

/**
 * Refusals that the platform gives before it looks the number up: after a second sending they say nothing
 * of what became of the first.
 */
const saysNothingOfTheFirst = new Set([
  'FUNCTION_CLOSED',
  'CONTROLS_STALE',
  'TOP_UP_STEP_WRONG',
  'TOP_UP_LIMIT_EXCEEDED',
]);

/** Decides the screen after an answer. `again` says that the number had been sent before. */
export function afterTopUp(
  sent: SentTopUp,
  code: string | null,
  answer: TopUpAnswer,
  again: 'first' | 'again',
): CashTopUp {
  const unsure = {
    step: 'unsure',
    sent,
    code,
    fault: null,
    refusal: null,
    pending: false,
  } as const;
  if ('topUp' in answer) {
    return answer.topUp.state === 'PENDING'
      ? { ...unsure, pending: true }
      : { step: 'done', topUp: answer.topUp };
  }
  if ('fault' in answer) {
    return answer.fault.kind === 'REFUSED' && again === 'first'
      ? { step: 'not-sent', fault: answer.fault }
      : { ...unsure, fault: answer.fault };
  }
  const { refusal } = answer;
  if (again === 'again') {
    // With another code than the first time the number is "used": so the first one did arrive.
    if (refusal.code === 'TOP_UP_ID_REUSED') return { step: 'arrived-before', sent };
    if (saysNothingOfTheFirst.has(refusal.code)) return { ...unsure, refusal };
  }
  return { step: 'refused', refusal };
}

/** The top-up that must be kept over a reload: as long as its answer is not final. */
export function openTopUp(state: CashTopUp): SentTopUp | null {
  return state.step === 'sending' || state.step === 'unsure' ? state.sent : null;
}

/** Cash is charged in these steps; the platform refuses others, the register says it before the cash is taken. */
export const topUpStepYen = 1_000;
