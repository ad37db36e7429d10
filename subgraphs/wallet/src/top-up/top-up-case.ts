import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { TopUpSource } from './top-up.ts';

/** Why people have to look at money that was taken. */
export type TopUpCaseReason =
  /** The wallet refused the entry: frozen, closed, or full. */
  | 'WALLET_REFUSED'
  /** The party took money for something we never agreed to. */
  | 'NEVER_ASKED'
  /** It took another amount than was agreed. */
  | 'AMOUNT_DIFFERS'
  /** It took money after it had said that it took none. */
  | 'TAKEN_AFTER_DECLINED'
  /** It says that it took none of what is in the wallet. */
  | 'NOT_TAKEN_AFTER_SETTLED'
  /** A charge that the wallet could not take, and that the acquirer no longer voids. */
  | 'VOID_TOO_LATE';

/** Money of a top-up that waits for people. What lies in suspense is never without one. */
export interface TopUpCase {
  /** Follows from what it is about: the same thing is one case. */
  readonly id: string;
  readonly source: TopUpSource;
  readonly reason: TopUpCaseReason;
  /** Yen that were taken, or that are in the wallet though they were not. */
  readonly amount: number;
  /** Null when no top-up of ours belongs to it. */
  readonly topUpId: string | null;
  readonly memberId: string | null;
  /** What the other party calls it: a number of an ATM, opaque. */
  readonly partyReference: string | null;
  readonly state: 'OPEN' | 'RESOLVED';
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  /** The operator who looks into it. */
  readonly takenBy: string | null;
  readonly takenAt: Date | null;
  /** A write-off that waits for a second person. */
  readonly proposal: WriteOffProposal | null;
  readonly resolution: TopUpResolution | null;
  readonly resolvedBy: string | null;
  /** Why, in the words of the operator who resolved it; empty while it is open. */
  readonly note: string;
}

/**
 * TO_WALLET: it is the member’s. RETURN: the party gets it back, or what it never took is taken out of the wallet again.
 * WRITE_OFF: it is ours to gain or to lose.
 */
export const TOP_UP_RESOLUTIONS = ['TO_WALLET', 'RETURN', 'WRITE_OFF'] as const;
export type TopUpResolution = (typeof TOP_UP_RESOLUTIONS)[number];

export interface WriteOffProposal {
  readonly by: string;
  readonly note: string;
  readonly at: Date;
}

export type ResolveCaseRefusal =
  | 'TOP_UP_CASE_NOT_OPEN'
  | 'TOP_UP_CASE_OF_NOBODY'
  | 'SECOND_PERSON_REQUIRED';

declareRefusals('top-up-case', {
  TOP_UP_CASE_NOT_OPEN: {
    ja: 'この案件は処理が終わっています。',
    en: 'This case is resolved already.',
  },
  TOP_UP_CASE_OF_NOBODY: {
    ja: 'この入金はどのウォレットのものか分かりません。返金するか、償却してください。',
    en: 'Nobody knows whose money this is. Return it or write it off.',
  },
});

/** A case as it begins. */
export const openCase = (
  about: Pick<
    TopUpCase,
    'id' | 'source' | 'reason' | 'amount' | 'topUpId' | 'memberId' | 'partyReference' | 'openedAt'
  >,
): TopUpCase => ({
  ...about,
  state: 'OPEN',
  resolvedAt: null,
  takenBy: null,
  takenAt: null,
  proposal: null,
  resolution: null,
  resolvedBy: null,
  note: '',
});

/** The first person proposes a write-off: the case as proposed. Null for the second person, who does it. */
export function proposeWriteOff(
  before: TopUpCase,
  proposal: WriteOffProposal,
): TopUpCase | Refused<'SECOND_PERSON_REQUIRED'> | null {
  if (before.state === 'RESOLVED') return null; // resolveCase says what it is
  if (!before.proposal) return { ...before, proposal };
  const { by, note } = before.proposal;
  if (by !== proposal.by) return null;
  return note === proposal.note ? before : refuse('SECOND_PERSON_REQUIRED');
}

/** Resolves a case, once; the same by the same person is the case as it is. */
export function resolveCase(
  before: TopUpCase,
  { resolution, by, note, at }: { resolution: TopUpResolution; by: string; note: string; at: Date },
): TopUpCase | Refused<'TOP_UP_CASE_NOT_OPEN' | 'TOP_UP_CASE_OF_NOBODY'> {
  if (before.state === 'RESOLVED') {
    const isSame = before.resolution === resolution && before.resolvedBy === by;
    return isSame ? before : refuse('TOP_UP_CASE_NOT_OPEN');
  }
  if (resolution === 'TO_WALLET' && before.topUpId === null) {
    return refuse('TOP_UP_CASE_OF_NOBODY');
  }
  return { ...before, state: 'RESOLVED', resolution, resolvedBy: by, note, resolvedAt: at };
}
