import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { bookTaken } from './book-top-up.ts';
import type { RegisterNetwork } from './register-network.ts';
import type { RegisterTopUp, TopUp } from './top-up.ts';

export type SettleTopUp<Of extends TopUp = TopUp> = (topUp: Of) => Promise<TopUp>;

/** Asks the register network about a pending top-up and books its answer. Doing it twice books once. */
export const settleAtRegister =
  (
    unitOfWork: WalletUnitOfWork,
    network: RegisterNetwork,
    clock: Clock,
  ): SettleTopUp<RegisterTopUp> =>
  async (topUp) => {
    const receipt = await network.confirmCash({
      topUpId: topUp.id,
      storeId: topUp.storeId,
      terminalId: topUp.terminalId,
      amount: topUp.amount,
    });
    if (receipt === 'UNKNOWN') return topUp;

    return unitOfWork(async (work) => {
      const now = await work.topUps.find(topUp.id);
      if (now?.state !== 'PENDING') return now ?? topUp;
      const at = clock.now();
      if (receipt === 'TAKEN') return bookTaken(work, topUp, at);
      await work.topUps.finish(topUp.id, 'DECLINED', at);
      return { ...now, state: 'DECLINED', settledAt: at };
    });
  };
