import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

/**
 * A movement that its member does not recognise, or money for a closed wallet that lies in suspense, until somebody has decided
 * what it was.
 */
export interface WalletCase {
  readonly id: string;
  readonly walletId: string;
  readonly memberId: string;
  /** The payment (`pay_…`) or top-up (`top_…`); of money in suspense, the journal entry that put it there. */
  readonly subject: string;
  /** What the member wrote, or why we opened it. */
  readonly note: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly openedAt: Date;
  readonly outcome: CaseOutcome | null;
  /** For operators. */
  readonly closingNote: string | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  /** The operator who looks into it. */
  readonly takenBy: string | null;
  readonly takenAt: Date | null;
}
export const CASE_OUTCOMES = ['RECOGNISED', 'REFUNDED', 'COMPENSATED', 'REJECTED'] as const;
export type CaseOutcome = (typeof CASE_OUTCOMES)[number];

declareRefusals('wallet-case', {
  CASE_CLOSED: {
    ja: 'この申告の確認は終わっています。',
    en: 'This case is closed already.',
  },
});

/** What the member wrote, at most. */
export const NOTE_CHARACTERS = 500;

/** The case as it begins. */
export const openCase = (
  told: Pick<WalletCase, 'id' | 'walletId' | 'memberId' | 'subject' | 'note'>,
  openedAt: Date,
): WalletCase => ({
  ...told,
  state: 'OPEN',
  openedAt,
  outcome: null,
  closingNote: null,
  closedBy: null,
  closedAt: null,
  takenBy: null,
  takenAt: null,
});

/** The case as an operator closes it, once. */
export function closeCase(
  open: WalletCase,
  decision: { readonly outcome: CaseOutcome; readonly note: string; readonly by: string },
  closedAt: Date,
): WalletCase | Refused<'CASE_CLOSED'> {
  if (open.state === 'CLOSED') return refuse('CASE_CLOSED');
  const { outcome, note, by } = decision;
  return { ...open, state: 'CLOSED', outcome, closingNote: note, closedBy: by, closedAt };
}
