import assert from 'node:assert/strict';
import type { Controls, ControlsRefusal } from '@7pay/controls';
import { derivedId } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type BusinessDate, type Clock } from '@7pay/time';
import type { BankAccount } from '@7pay/zengin';
import type { SettlementUnitOfWork, SettlementWork } from '../settlement/settlement-work.ts';
import { type Payout, sentEntry } from './payout.ts';
import {
  approve,
  checkTransferDate,
  FILES_A_DAY,
  fileNumber,
  isLate,
  type PayoutFile,
  type PayoutFileRefusal,
  PAYOUTS_A_FILE,
} from './payout-file.ts';

const AT_ONCE = 100;

/**
 * Puts what is due into a file for one bank day. Each write takes some payouts: their place in the file, their entry and the
 * count of the file together. One file is filled at a time: a process that dies on the way leaves it, and the next one goes on
 * with it, under the day that it is asked for. So is what was not approved, or not written, before its day went by.
 */
export const preparePayoutFile =
  (unitOfWork: SettlementUnitOfWork, controls: Pick<Controls, 'guard'>, clock: Clock) =>
  async (asked: {
    readonly transferDate: BusinessDate;
    readonly by: string;
  }): Promise<PayoutFile | Refused<PayoutFileRefusal | ControlsRefusal>> => {
    const wrong = checkTransferDate(asked.transferDate, businessDate(clock.now()));
    if (wrong) return wrong;
    for (let after = ''; ;) {
      const step = await unitOfWork(async (work) => {
        const allowed = controls.guard('payout'); // for each write: the next one is refused once it is stopped
        if (isRefused(allowed)) return allowed;
        const told = { ...asked, at: clock.now(), generation: allowed.generation };
        const due = await work.payouts.due(after, AT_ONCE);
        const ready = await withAccounts(work, due);
        const earlier = await takenUp(work, told);
        if (earlier && (isRefused(earlier) || due.length === 0 || earlier.count >= PAYOUTS_A_FILE))
          return isRefused(earlier) ? earlier : prepared(work, earlier, asked.by);
        if (due.length === 0) return refuse('NO_PAYOUT_DUE');
        if (ready.length > 0) {
          const file = earlier ?? (await begun(work, told));
          if (isRefused(file)) return file;
          await fill(work, file, ready, told);
        }
        return { behind: due.at(-1)!.id };
      });
      if (!('behind' in step)) return step;
      after = step.behind;
    }
  };

interface Told {
  readonly transferDate: BusinessDate;
  readonly by: string;
  readonly at: Date;
  readonly generation: number;
}
type Ready = readonly { readonly payout: Payout; readonly account: BankAccount }[];

/** Those whose merchants have an account; the others stay due. */
async function withAccounts({ payees }: SettlementWork, due: readonly Payout[]): Promise<Ready> {
  const accounts = await payees.accountsOf([...new Set(due.map(({ merchantId }) => merchantId))]);
  return due.flatMap((payout) => {
    const account = accounts.get(payout.merchantId);
    return account ? [{ payout, account }] : [];
  });
}

/** The file that somebody has begun, or that nobody approved or wrote in time; null when there is none. */
async function takenUp(
  work: SettlementWork,
  { transferDate, at }: Told,
): Promise<PayoutFile | null | Refused<'TOO_MANY_PAYOUT_FILES'>> {
  const { files } = work;
  const today = businessDate(at);
  const filling = await files.filling();
  if (filling?.transferDate === transferDate) return filling;
  const waiting = await files.inStates(['PREPARED', 'APPROVED']);
  const late = filling ?? waiting.find((file) => isLate(file, today));
  if (!late) return null;
  const number = await nextNumber(work, transferDate);
  if (typeof number !== 'string') return number;
  const unapproved = { approvedBy: null, approvedAt: null };
  const again: PayoutFile = { ...late, ...unapproved, state: 'FILLING', transferDate, number };
  await files.change(late, again);
  return again;
}

async function prepared({ files }: SettlementWork, file: PayoutFile, by: string) {
  const after: PayoutFile = { ...file, state: 'PREPARED', preparedBy: by };
  await files.change(file, after);
  return after;
}

async function nextNumber({ files }: SettlementWork, transferDate: BusinessDate) {
  const last = (await files.ofDay(transferDate)).at(-1);
  const n = last ? Number(last.number.slice(-2)) + 1 : 1;
  return n > FILES_A_DAY
    ? refuse('TOO_MANY_PAYOUT_FILES', { limit: FILES_A_DAY })
    : fileNumber(transferDate, n);
}

async function begun(
  work: SettlementWork,
  { transferDate, by, at }: Told,
): Promise<PayoutFile | Refused<'TOO_MANY_PAYOUT_FILES'>> {
  const number = await nextNumber(work, transferDate);
  if (typeof number !== 'string') return number;
  const file: PayoutFile = {
    id: derivedId('pof', number, at.toISOString()), // a number is free again when its file has another day
    number,
    transferDate,
    state: 'FILLING',
    count: 0,
    total: 0,
    preparedBy: by,
    preparedAt: at,
    approvedBy: null,
    approvedAt: null,
    writtenAt: null,
    sender: null,
    content: null,
  };
  await work.files.insert(file);
  return file;
}

async function fill(
  { session, ledger, payouts, files }: SettlementWork,
  file: PayoutFile,
  ready: Ready,
  told: Told,
): Promise<void> {
  let { count, total } = file;
  for (const { payout, account } of ready.slice(0, PAYOUTS_A_FILE - count)) {
    count += 1;
    total += payout.amount;
    const entry = await ledger.post(session, sentEntry(payout, { file, ...told }));
    assert(!isRefused(entry), 'accounts of settlement refuse nothing');
    const sent = { state: 'SENT' as const, fileId: file.id, line: count, account };
    await payouts.change(payout, { ...payout, ...sent });
  }
  await files.change(file, { ...file, count, total });
}

/** The second person's yes; only then is a file written. */
export const approvePayoutFile =
  (unitOfWork: SettlementUnitOfWork, controls: Pick<Controls, 'guard'>, clock: Clock) =>
  ({
    id,
    by,
  }: {
    id: string;
    by: string;
  }): Promise<PayoutFile | Refused<PayoutFileRefusal | ControlsRefusal>> =>
    unitOfWork(async ({ files }) => {
      const allowed = controls.guard('payout');
      if (isRefused(allowed)) return allowed;
      const file = await files.find(id);
      const approved = approve(file, by, clock.now());
      if (!file || isRefused(approved)) return approved;
      await files.change(file, approved);
      return approved;
    });
