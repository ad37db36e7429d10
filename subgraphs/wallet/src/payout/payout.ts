import { derivedId } from '@7pay/ids';
import { credit, debit, type PlainPlan } from '@7pay/ledger';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { type BankAccount, MOST_AMOUNT } from '@7pay/zengin';
import { payoutPayable, type SettlementBatch, systemWallet } from '../settlement/settlement.ts';
import type { PayoutFile } from './payout-file.ts';

declareRefusals('payout', {
  PAYOUT_NOT_RETURNED: {
    ja: 'この振込は組戻しになっていないか、すでに処理されています。',
    en: 'This payout was not returned, or somebody has decided already.',
  },
});

/**
 * DUE: not in a file yet. SENT: in a file. PAID: the bank said so. RETURNED: it came back and waits for a decision.
 * REPLACED: it came back and is paid again by another payout. KEPT: it came back and stays with us.
 */
export type PayoutState = 'DUE' | 'SENT' | 'PAID' | 'RETURNED' | 'REPLACED' | 'KEPT';

/** What a person decides about a payout that came back. */
export type ReturnDecision = 'PAY_AGAIN' | 'KEEP';

/** Money on its way to a merchant's bank account. */
export interface Payout {
  readonly id: string;
  readonly merchantId: string;
  readonly batchId: string;
  /** Which part of its batch: one transfer has at most ten digits. From 1. */
  readonly part: number;
  /** From 1; one more each time it is paid again. */
  readonly attempt: number;
  /** Yen. */
  readonly amount: number;
  readonly state: PayoutState;
  readonly createdAt: Date;
  readonly fileId: string | null;
  /** Its place in the file, from 1. */
  readonly line: number | null;
  /** The account as it was when it was put into the file. */
  readonly account: BankAccount | null;
  /** The result files that said it was paid, and that it came back. */
  readonly paidBy: string | null;
  readonly returnedBy: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly note: string;
}

const payoutIdOf = (batchId: string, part: number, attempt: number): string =>
  derivedId('pot', batchId, String(part), String(attempt));

const fresh = {
  state: 'DUE',
  fileId: null,
  line: null,
  account: null,
  paidBy: null,
  returnedBy: null,
  decidedBy: null,
  decidedAt: null,
  note: '',
} as const;

/** What a closed batch is paid by: one payout, or several where the sum has more digits than a transfer. */
export function duePayouts(
  { id: batchId, merchantId, settled }: SettlementBatch,
  createdAt: Date,
): readonly Payout[] {
  const made: Payout[] = [];
  for (let left = settled; left > 0; left -= MOST_AMOUNT) {
    const part = made.length + 1;
    const id = payoutIdOf(batchId, part, 1);
    const amount = Math.min(left, MOST_AMOUNT);
    made.push({ ...fresh, id, merchantId, batchId, part, attempt: 1, amount, createdAt });
  }
  return made;
}

/** Decides about a payout that came back; `again` is the payout that takes its place. */
export function decideReturn(
  payout: Payout,
  decision: { readonly what: ReturnDecision; readonly by: string; readonly note: string },
  at: Date,
): { decided: Payout; again: Payout | null } | Refused<'PAYOUT_NOT_RETURNED'> {
  if (payout.state !== 'RETURNED') return refuse('PAYOUT_NOT_RETURNED');
  const { what, by, note } = decision;
  const state = what === 'PAY_AGAIN' ? 'REPLACED' : 'KEPT';
  const { batchId, merchantId, part, amount } = payout;
  const attempt = payout.attempt + 1;
  const id = payoutIdOf(batchId, part, attempt);
  return {
    decided: { ...payout, state, decidedBy: by, decidedAt: at, note },
    again:
      what === 'PAY_AGAIN'
        ? { ...fresh, id, merchantId, batchId, part, attempt, amount, createdAt: at }
        : null,
  };
}

/** What is in a file and nobody has said yet whether it was paid. */
export const payoutTransit = (fileId: string): string => `payout-transit:${fileId}`;
/** Our account at the bank from which payouts are paid. */
export const PAYOUT_BANK = 'bank:payout';

/** What an entry of a payout is told besides its legs. */
interface Told {
  readonly file: Pick<PayoutFile, 'id' | 'transferDate'>;
  readonly at: Date;
  readonly generation: number;
}

const planOf = (
  { id, merchantId, batchId }: Payout,
  { file, at, generation }: Told,
): Omit<PlainPlan, 'id' | 'kind' | 'legs'> => ({
  wallet: systemWallet('payout', file.transferDate, merchantId),
  at,
  generation,
  ref: { payoutId: id, merchantId, batchId, fileId: file.id },
});

/** The entry of a payout that was put into a file. */
export const sentEntry = (payout: Payout, told: Told): PlainPlan => ({
  ...planOf(payout, told),
  id: `${payout.id}:send`,
  kind: 'PAYOUT',
  legs: [
    debit(payoutPayable(payout.merchantId), payout.amount),
    credit(payoutTransit(told.file.id), payout.amount),
  ],
});
/** The id of the entry that put a payout into a file. */
export const sentEntryId = (payoutId: string): string => `${payoutId}:send`;

/** The entry of a payout that the bank has paid. */
export const paidEntry = (payout: Payout, told: Told): PlainPlan => ({
  ...planOf(payout, told),
  id: `${payout.id}:paid`,
  kind: 'PAYOUT_PAID',
  legs: [debit(payoutTransit(told.file.id), payout.amount), credit(PAYOUT_BANK, payout.amount)],
});

/** The entry of a payout that came back: before or after the bank had said that it was paid. */
export const returnedEntry = (payout: Payout, told: Told): PlainPlan => ({
  ...planOf(payout, told),
  id: `${payout.id}:returned`,
  kind: 'PAYOUT_RETURNED',
  legs: [
    debit(payout.state === 'PAID' ? PAYOUT_BANK : payoutTransit(told.file.id), payout.amount),
    credit(payoutPayable(payout.merchantId), payout.amount),
  ],
});
