import { businessDate, type Clock } from '@7pay/time';
import type { SettlementUnitOfWork } from '../settlement/settlement-work.ts';
import { type PayoutFile, PayoutFileWrong } from './payout-file.ts';

/**
 * Has a file prepared again under another day that a process began to write and of which nothing reached the bank: a person asked the
 * bank, as nothing here can know. Only after its day, when it is not written any more, and while no line of it is booked.
 * @throws PayoutFileWrong when it was written, nobody began it, its day is to come, or the bank has said something of it
 */
export const releasePayoutFile =
  (unitOfWork: SettlementUnitOfWork, clock: Clock) =>
  (number: string): Promise<PayoutFile> =>
    unitOfWork(async ({ files, payouts }) => {
      const file = await files.numbered(number);
      if (!file) throw new PayoutFileWrong(`no file has the number ${number}`);
      if (file.state !== 'APPROVED' || !file.sender)
        throw new PayoutFileWrong(`${number} is ${file.state}: only one that was begun is let go`);
      if (file.transferDate >= businessDate(clock.now()))
        throw new PayoutFileWrong(`the day of ${number} has not gone by: write it again (--again)`);
      const all = await payouts.ofFile(file.id);
      if (all.some(({ state }) => state !== 'SENT'))
        throw new PayoutFileWrong(`${number} was answered by the bank`);
      const released = { ...file, sender: null };
      await files.change(file, released);
      return released;
    });
