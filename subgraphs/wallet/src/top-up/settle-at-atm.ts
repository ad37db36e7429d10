import type { WalletUnitOfWork } from '../unit-of-work.ts';
import type { AtmNetwork } from './atm-network.ts';
import type { HearFromAtm } from './hear-from-atm.ts';
import type { SettleTopUp } from './settle-top-up.ts';
import type { AtmTopUp } from './top-up.ts';

/** Asks the ATM network about a pending top-up whose machine went silent, and books the answer like a told one. */
export const settleAtAtm =
  (unitOfWork: WalletUnitOfWork, network: AtmNetwork, hear: HearFromAtm): SettleTopUp<AtmTopUp> =>
  async (topUp) => {
    const answer = await network.receiptOf(topUp.atmTransactionId);
    if (answer.receipt === 'UNKNOWN' || answer.receipt === 'OPEN') return topUp;
    const { atmTransactionId, atmId } = topUp;
    const taken = answer.receipt === 'TAKEN' ? answer.amount : null;
    await hear({ atmTransactionId, atmId, taken });
    return unitOfWork(async ({ topUps }) => (await topUps.find(topUp.id)) ?? topUp);
  };
