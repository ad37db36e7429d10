import { acrAtLeast, type MemberViewer } from '@7pay/graphql';
import { credit, debit, type PlainPlan, payableAccount, walletAccount } from '@7pay/ledger';
import { type Yen, yen } from '@7pay/money';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { type RefundProgramme, stateAt } from '../programme/refund-programme.ts';

export type ClaimRefusal =
  | 'STEP_UP_REQUIRED'
  | 'NO_REFUND_PROGRAMME'
  | 'WALLET_NOT_OPEN'
  | 'NOTHING_TO_REFUND'
  | 'ALREADY_CLAIMED'
  | 'CLAIM_ID_REUSED'
  | 'WALLET_FROZEN'
  | 'INSUFFICIENT_BALANCE'
  | 'BALANCE_CAP_EXCEEDED';

declareRefusals('balance-refund-claim', {
  NO_REFUND_PROGRAMME: {
    ja: '現在受付中の払戻しはありません。',
    en: 'No refund programme takes claims at the moment.',
  },
  NOTHING_TO_REFUND: {
    ja: '払い戻す残高がありません。',
    en: 'There is no balance to pay back.',
  },
  ALREADY_CLAIMED: {
    ja: 'この払戻しはすでに申出を受け付けています。',
    en: 'A claim has been received already.',
  },
  CLAIM_ID_REUSED: {
    ja: '同じ申出番号が別の内容で使われています。新しい番号でやり直してください。',
    en: 'This claim number was used with other contents. Please start again with a new number.',
  },
});

export type PayoutMethod = 'BANK_TRANSFER' | 'POSTAL_CERTIFICATE';

/** A member's claim to have the balance paid back. Each takes what is in the wallet then. */
export interface BalanceRefundClaim {
  readonly id: string;
  readonly programmeId: string;
  readonly walletId: string;
  readonly memberId: string;
  readonly amount: Yen;
  readonly payoutMethod: PayoutMethod;
  readonly request: string;
  readonly state: 'RECEIVED' | 'PAID';
  readonly claimedAt: Date;
}

/** A claim tells the balance that it took: what was claimed before is not shown to a password alone either. */
export const requireStrongProof = (viewer: MemberViewer): Refused<'STEP_UP_REQUIRED'> | null =>
  acrAtLeast(viewer, 2) ? null : refuse('STEP_UP_REQUIRED', { acr: 'urn:7id:acr:2' });

/** Decides whether a member may claim their whole balance now. Refusals in order of precedence. */
export function claim(
  viewer: MemberViewer,
  subject: { programme: RefundProgramme | null; walletId: string; available: number | null },
  request: { id: string; payoutMethod: PayoutMethod; request: string },
  at: Date,
): BalanceRefundClaim | Refused<ClaimRefusal> {
  const { programme, walletId, available } = subject;
  const weak = requireStrongProof(viewer);
  if (weak) return weak;
  if (!programme || stateAt(programme, at) !== 'OPEN') return refuse('NO_REFUND_PROGRAMME');
  if (available === null) return refuse('WALLET_NOT_OPEN');
  if (available <= 0) return refuse('NOTHING_TO_REFUND');
  return {
    ...request,
    programmeId: programme.id,
    walletId,
    memberId: viewer.memberId,
    amount: yen(available),
    state: 'RECEIVED',
    claimedAt: at,
  };
}

/** The entry that moves the balance out of the wallet into what we owe its owner. */
export const claimEntry = (made: BalanceRefundClaim, generation: number): PlainPlan => ({
  id: `${made.id}:claim`,
  kind: 'BALANCE_REFUND',
  wallet: made.walletId,
  at: made.claimedAt,
  legs: [
    debit(walletAccount(made.walletId), made.amount),
    credit(payableAccount(made.walletId), made.amount),
  ],
  generation,
  ref: {
    claimId: made.id,
    programmeId: made.programmeId,
    walletId: made.walletId,
    memberId: made.memberId,
  },
});
