import type { Controls, ControlsRefusal } from '@7pay/controls';
import { derivedId, digest } from '@7pay/ids';
import { walletAccount } from '@7pay/ledger';
import type { Yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { type CodeRefusal, isWellFormed, present } from '../payment-code/payment-code.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { caseIdOf } from './book-top-up.ts';
import { checkRoom, limitsOn, TOP_UP_LIMITS } from './top-up-limits.ts';
import { type AtmTopUp, checkAmount, type RoomRefusal, type TopUp } from './top-up.ts';

export type AskAtAtmRefusal = RoomRefusal | CodeRefusal | 'TOP_UP_ID_REUSED' | 'TOP_UP_DECLINED';

/** Our id of a transaction of the ATM network. */
export const atmTopUpId = (atmTransactionId: string): string =>
  derivedId('top', 'atm', atmTransactionId);

/**
 * Whether a machine may take this cash for the wallet of this code. A yes is written down as PENDING first; what the
 * machine then did it tells, or is asked for.
 */
export const askAtAtm =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (request: {
    atmTransactionId: string;
    atmId: string;
    code: string;
    amount: Yen;
  }): Promise<TopUp | Refused<AskAtAtmRefusal | ControlsRefusal>> => {
    const allowed = controls.guard('top-up.atm');
    const { atmTransactionId, atmId, amount } = request;
    const id = atmTopUpId(atmTransactionId);
    const requestDigest = digest({ atmId, amount, code: request.code });
    return unitOfWork(async ({ session, topUps, cases, codes, wallets, ledger }) => {
      const at = clock.now();
      const earlier = await topUps.find(id);
      if (earlier && earlier.request !== requestDigest) return refuse('TOP_UP_ID_REUSED');
      if (earlier) return earlier.state === 'DECLINED' ? refuse('TOP_UP_DECLINED') : earlier;
      if (await cases.find(caseIdOf(id, 'NEVER_ASKED'))) return refuse('TOP_UP_ID_REUSED');
      if (isRefused(allowed)) return allowed;
      const limits = limitsOn(TOP_UP_LIMITS.ATM, businessDate(at));
      const wrong = checkAmount(amount, limits);
      if (wrong) return wrong;
      const code = isWellFormed(request.code) ? await codes.find(digest(request.code)) : null;
      const usable = present(code, at);
      if (isRefused(usable)) return usable;
      const wallet = await wallets.find(usable.walletId);
      if (wallet?.state !== 'OPEN') return refuse('WALLET_FROZEN');
      const account = await ledger.account(session, walletAccount(wallet.id));
      const waiting = await topUps.waitingOf(wallet.id);
      const full = checkRoom(account, { source: 'ATM', amount, waiting }, limits, at);
      if (full) return full;
      await codes.use(usable.digest, id);
      const topUp: AtmTopUp = {
        id,
        source: 'ATM',
        walletId: wallet.id,
        memberId: wallet.memberId,
        atmId,
        atmTransactionId,
        request: requestDigest,
        amount,
        state: 'PENDING',
        requestedAt: at,
        settledAt: null,
        generation: allowed.generation,
      };
      await topUps.insert(topUp);
      return topUp;
    });
  };
