import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type BusinessDate, daysAfter, isBankDay } from '@7pay/time';
import type { Sender, TransferOrder } from '@7pay/zengin';
import type { Payout } from './payout.ts';

export type PayoutFileRefusal =
  | 'NO_BANK_DAY'
  | 'NO_PAYOUT_DUE'
  | 'TOO_MANY_PAYOUT_FILES'
  | 'PAYOUT_FILE_STATE_WRONG'
  | 'SECOND_PERSON_REQUIRED';

declareRefusals('payout-file', {
  NO_BANK_DAY: {
    ja: '振込日は本日から{days}日以内の銀行営業日を指定してください。',
    en: 'The day of the transfers has to be a bank day, today or at most {days} days from now.',
  },
  NO_PAYOUT_DUE: {
    ja: '振込先口座のある未払いの精算はありません。',
    en: 'Nothing is due to a merchant whose bank account is known.',
  },
  TOO_MANY_PAYOUT_FILES: {
    ja: 'この振込日のファイルは{limit}件までです。',
    en: 'There are at most {limit} files for one day.',
  },
  PAYOUT_FILE_STATE_WRONG: {
    ja: 'この振込ファイルは現在その操作を受け付けません。',
    en: 'The file of payouts does not take this step now.',
  },
});

/** FILLING → PREPARED by one person → APPROVED by another → WRITTEN to disk. */
export type PayoutFileState = 'FILLING' | 'PREPARED' | 'APPROVED' | 'WRITTEN';

/** One file of transfers. What it holds is fixed once it is prepared. */
export interface PayoutFile {
  readonly id: string;
  /** Ten digits: the day of the transfers and a count; the bank gives it back. */
  readonly number: string;
  readonly transferDate: BusinessDate;
  readonly state: PayoutFileState;
  readonly count: number;
  /** Yen. */
  readonly total: number;
  readonly preparedBy: string;
  readonly preparedAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly writtenAt: Date | null;
  /** Who orders the transfers; on record before it is first put anywhere, and fixed from then on. */
  readonly sender: Sender | null;
  /** SHA-256 of its bytes, base64url, as they were first written. */
  readonly content: string | null;
}

/** Payouts in one file; the rest is for the next one. */
export const PAYOUTS_A_FILE = 10_000;
export const FILES_A_DAY = 99;

/** The ten digits of the n-th file of a day, from 1. */
export const fileNumber = (transferDate: BusinessDate, n: number): string =>
  `${transferDate.replaceAll('-', '')}${String(n).padStart(2, '0')}`;

/** The bank reads month and day alone: a day of another year would be taken for one of this year. */
const DAYS_AHEAD = 30;

/** Whether transfers may be ordered for a day. */
export const checkTransferDate = (
  transferDate: BusinessDate,
  today: BusinessDate,
): Refused<'NO_BANK_DAY'> | null => {
  const isNear = transferDate >= today && transferDate <= daysAfter(today, DAYS_AHEAD);
  return isNear && isBankDay(transferDate) ? null : noBankDay();
};

const noBankDay = () => refuse('NO_BANK_DAY', { days: DAYS_AHEAD });

/** The second person's yes. */
export function approve(
  file: PayoutFile | null,
  by: string,
  at: Date,
): PayoutFile | Refused<PayoutFileRefusal> {
  if (file?.state !== 'PREPARED') return refuse('PAYOUT_FILE_STATE_WRONG');
  if (file.transferDate < businessDate(at)) return noBankDay(); // prepared again, under another day
  if (file.preparedBy === by) return refuse('SECOND_PERSON_REQUIRED');
  return { ...file, state: 'APPROVED', approvedBy: by, approvedAt: at };
}

/** Whether the bank may have it. An approved one lies in the folder already when a process died before it was marked. */
export const mayBeAtTheBank = ({ state, sender }: PayoutFile): boolean =>
  state === 'WRITTEN' || (state === 'APPROVED' && sender !== null);

/** Under which name it is written. */
export const fileName = ({ number }: PayoutFile): string => `payouts-${number}.txt`;

/**
 * What the bank is to do: nothing of when or by whom it is written, so its bytes are always the same.
 * @throws Error when the payouts are not those that were counted when it was prepared
 */
export function orderOf(
  file: PayoutFile,
  payouts: readonly Payout[],
  sender: Sender,
): TransferOrder {
  const inOrder = [...payouts].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const total = inOrder.reduce((sum, { amount }) => sum + amount, 0);
  const dense = inOrder.every(({ line }, index) => line === index + 1);
  if (!dense || inOrder.length !== file.count || total !== file.total || total === 0)
    throw new PayoutFileWrong(`${file.number} does not hold the payouts that were prepared`);
  return {
    sender,
    transferDate: file.transferDate,
    transfers: inOrder.map(({ account, amount, line }) => {
      if (!account) throw new PayoutFileWrong(`${file.number} holds a payout without an account`);
      return { account, amount, reference: `${file.number}${String(line).padStart(10, '0')}` };
    }),
  };
}

/**
 * Looks, before a file is put where it is not, that the bank pays no line of it twice, and none on a day that is over: it reads
 * no year. A file of which the sender is on record may have lain there and been taken; then a person has to name it.
 * @throws PayoutFileWrong when a payout was booked as paid or returned, the day went by, or nobody named what may have been taken
 */
export function assertMayBePut(
  { number, transferDate, sender }: PayoutFile,
  payouts: readonly Payout[],
  { today, isNamed }: { readonly today: BusinessDate; readonly isNamed: boolean },
): void {
  if (payouts.some(({ state }) => state !== 'SENT'))
    throw new PayoutFileWrong(`${number} was answered before it was written`);
  if (transferDate < today) throw new PayoutFileWrong(`the day of ${number} has gone by`);
  if (sender && !isNamed)
    throw new PayoutFileWrong(
      `${number} may have been taken from the folder: ask the bank, and name it to write it again`,
    );
}

/** Whether it is prepared under another day: its own went by, and it was never put where an uploader may take it. */
export const isLate = (file: PayoutFile, today: BusinessDate): boolean =>
  file.state !== 'FILLING' && file.transferDate < today && !mayBeAtTheBank(file);

/** A file that must not go to a bank. */
export class PayoutFileWrong extends Error {
  override readonly name = 'PayoutFileWrong';
}
