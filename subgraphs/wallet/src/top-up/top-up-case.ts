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
}

/** A case as it begins. */
export const openCase = (about: Omit<TopUpCase, 'state' | 'resolvedAt'>): TopUpCase => ({
  ...about,
  state: 'OPEN',
  resolvedAt: null,
});
