import { isRefused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import type { RegisterNetwork } from './register-network.ts';
import { suspenseEntry, type TopUp, topUpEntry } from './top-up.ts';

export type SettleTopUp = (topUp: TopUp) => Promise<TopUp>;

/** Asks the register network about a pending top-up and books its answer. Doing it twice books once. */
export const settleTopUp =
  (unitOfWork: WalletUnitOfWork, network: RegisterNetwork, clock: Clock): SettleTopUp =>
  async (topUp) => {
    const receipt = await network.confirmCash({
      topUpId: topUp.id,
      storeId: topUp.storeId,
      terminalId: topUp.terminalId,
      amount: topUp.amount,
    });
    if (receipt === 'UNKNOWN') return topUp;

    return unitOfWork(async ({ session, topUps, ledger }) => {
      const now = await topUps.find(topUp.id);
      if (now?.state !== 'PENDING') return now ?? topUp;
      const at = clock.now();
      if (receipt === 'NOT_TAKEN') {
        await topUps.finish(topUp.id, 'DECLINED', at);
        return { ...now, state: 'DECLINED', settledAt: at };
      }
      const entry = await ledger.post(session, topUpEntry(now, at));
      const state = isRefused(entry) ? 'SUSPENSE' : 'SETTLED';
      // The cash is taken: a wallet that cannot hold it any more must not make it vanish.
      if (isRefused(entry)) await ledger.post(session, suspenseEntry(now, at));
      await topUps.finish(topUp.id, state, at);
      return { ...now, state, settledAt: at };
    });
  };
