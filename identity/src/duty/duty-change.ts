import type { Duty } from '@7pay/graphql';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

/** A change of what somebody works here for. Kept for ever, whatever became of it. */
export interface DutyChange {
  readonly id: string;
  readonly memberId: string;
  readonly before: readonly Duty[];
  readonly after: readonly Duty[];
  readonly by: string;
  /** Why, in the words of whoever asked. */
  readonly note: string;
  readonly at: Date;
  readonly state: 'PROPOSED' | 'MADE' | 'WITHDRAWN';
  /** Who made or withdrew it; null while it is proposed. */
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

export type DutyRefusal =
  | 'MEMBER_NOT_FOUND'
  | 'DUTY_NOT_HELD'
  | 'OWN_DUTIES'
  | 'DUTIES_AS_THEY_ARE'
  | 'LAST_OF_SECURITY'
  | 'TOO_MANY_DUTY_CHANGES';
export type DutyDecisionRefusal =
  | 'DUTY_CHANGE_NOT_OPEN'
  | 'DUTY_NOT_HELD'
  | 'OWN_DUTIES'
  | 'SECOND_PERSON_REQUIRED';

/** How long a proposal waits for the second person. */
export const PROPOSAL_MINUTES = 30;
/** Proposals that wait, of one person. */
export const PROPOSALS_MAX = 20;

declareRefusals('identity/duty/duty-change', {
  DUTY_NOT_HELD: {
    ja: 'この操作に必要な職務をお持ちではありません。ログインし直してください。',
    en: 'The duty for this is not yours any more. Please log in again.',
  },
  OWN_DUTIES: {
    ja: 'ご自身の職務は変更できません。別の担当者に依頼してください。',
    en: 'Nobody changes their own duties. Please ask a colleague.',
  },
  DUTIES_AS_THEY_ARE: {
    ja: '職務はすでにそのとおりです。',
    en: 'The duties are so already.',
  },
  LAST_OF_SECURITY: {
    ja: 'セキュリティの担当者がいなくなるため、変更できません。先に別の担当者を決めてください。',
    en: 'Nobody would be left for security. Please give the duty to somebody else first.',
  },
  TOO_MANY_DUTY_CHANGES: {
    ja: '承認待ちの変更は1人{max}件までです。先に承認または取り下げをしてください。',
    en: 'One person may have at most {max} changes waiting. Please have some approved, or withdraw them.',
  },
  DUTY_CHANGE_NOT_OPEN: {
    ja: 'この変更は承認できる状態ではありません。画面を開き直して確認してください。',
    en: 'This change cannot be decided any more. Please open the page again.',
  },
});

/** What is asked of the duties of somebody. */
export interface DutyOrder {
  readonly id: string;
  readonly memberId: string;
  readonly duties: readonly Duty[];
  readonly by: string;
  readonly note: string;
  readonly at: Date;
}

/** Who holds what at this moment, as it is kept and not as a token says. */
export interface Holders {
  /** Those of the member; null for nobody. */
  readonly member: readonly Duty[] | null;
  readonly actor: readonly Duty[];
  /** Whether somebody besides the member holds `security`. */
  readonly othersForSecurity: boolean;
}

/**
 * Decides what an order leads to: whoever only takes away does it alone and at once, as with a switch; giving waits for a second
 * person. Nobody changes their own.
 */
export function orderDuties(
  { duties, memberId, by, at, ...order }: DutyOrder,
  { member, actor, othersForSecurity }: Holders,
): DutyChange | Refused<DutyRefusal> {
  if (!actor.includes('security')) return refuse('DUTY_NOT_HELD');
  if (member === null) return refuse('MEMBER_NOT_FOUND');
  if (memberId === by) return refuse('OWN_DUTIES');
  const gives = duties.some((duty) => !member.includes(duty));
  const takes = member.some((duty) => !duties.includes(duty));
  if (!gives && !takes) return refuse('DUTIES_AS_THEY_ARE');
  const leaves = member.includes('security') && !duties.includes('security');
  if (leaves && !othersForSecurity) return refuse('LAST_OF_SECURITY');
  const decided = gives ? { by: null, at: null } : { by, at };
  return {
    ...order,
    memberId,
    before: member,
    after: duties,
    by,
    at,
    state: gives ? 'PROPOSED' : 'MADE',
    decidedBy: decided.by,
    decidedAt: decided.at,
  };
}

/** Whether it still waits for a second person. */
export const isOpen = ({ state, at }: DutyChange, now: Date): boolean =>
  state === 'PROPOSED' && now.getTime() - at.getTime() <= PROPOSAL_MINUTES * 60_000;

/**
 * Makes what was proposed: another person than who proposed it and whom it is about, both holding the duty, and the duties as
 * they were then.
 */
export function approveDuties(
  change: DutyChange,
  { by, at }: { by: string; at: Date },
  holders: Holders & { readonly proposer: readonly Duty[] },
): DutyChange | Refused<DutyDecisionRefusal | 'LAST_OF_SECURITY'> {
  if (!holders.actor.includes('security')) return refuse('DUTY_NOT_HELD');
  const stands = holders.proposer.includes('security') && same(holders.member, change.before);
  if (!isOpen(change, at) || !stands) return refuse('DUTY_CHANGE_NOT_OPEN');
  if (change.memberId === by) return refuse('OWN_DUTIES');
  if (change.by === by) return refuse('SECOND_PERSON_REQUIRED');
  const leaves = change.before.includes('security') && !change.after.includes('security');
  if (leaves && !holders.othersForSecurity) return refuse('LAST_OF_SECURITY');
  return { ...change, state: 'MADE', decidedBy: by, decidedAt: at };
}

/** Takes a proposal back, or turns it down: one person is enough. */
export function withdrawDuties(
  change: DutyChange,
  { by, at }: { by: string; at: Date },
  actor: readonly Duty[],
): DutyChange | Refused<'DUTY_CHANGE_NOT_OPEN' | 'DUTY_NOT_HELD'> {
  if (!actor.includes('security')) return refuse('DUTY_NOT_HELD');
  if (!isOpen(change, at)) return refuse('DUTY_CHANGE_NOT_OPEN');
  return { ...change, state: 'WITHDRAWN', decidedBy: by, decidedAt: at };
}

/** Whether two lists of duties are the same; both are in the order of the duties. */
export const same = (one: readonly Duty[] | null, other: readonly Duty[]): boolean =>
  one !== null && one.join() === other.join();
