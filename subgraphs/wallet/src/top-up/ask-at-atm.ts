import type { Controls, ControlsRefusal } from '@7pay/controls';
import { derivedId, digest } from '@7pay/ids';
import { walletAccount } from '@7pay/ledger';
import type { Yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { scanLock } from '../payment-code/bad-scans.ts';
import type { CodeRefusal } from '../payment-code/payment-code.ts';
import type { PresentCode } from '../payment-code/present-code.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { caseIdOf } from './book-top-up.ts';
import { checkRoom, limitsOn, TOP_UP_LIMITS } from './top-up-limits.ts';
import { type AtmTopUp, checkAmount, type RoomRefusal, type TopUp } from './top-up.ts';

export type AskAtAtmRefusal =
  | RoomRefusal
  | CodeRefusal
  | 'CODE_NEEDS_ONLINE'
  | 'TERMINAL_LOCKED'
  | 'TOP_UP_ID_REUSED'
  | 'TOP_UP_DECLINED';

/** Our id of a transaction of the ATM network. */
export const atmTopUpId = (atmTransactionId: string): string =>
  derivedId('top', 'atm', atmTransactionId);

/**
 * Whether a machine may take this cash for the wallet of this code. A yes is written down as PENDING first; what the
 * machine then did it tells, or is asked for.
 */
export const askAtAtm =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock, presentCode: PresentCode) =>
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
    return unitOfWork(async (work) => {
      const { session, topUps, topUpCases, wallets, ledger } = work;
      const at = clock.now();
      const earlier = await topUps.find(id);
      if (earlier && earlier.request !== requestDigest) return refuse('TOP_UP_ID_REUSED');
      if (earlier) return earlier.state === 'DECLINED' ? refuse('TOP_UP_DECLINED') : earlier;
      if (await topUpCases.find(caseIdOf(id, 'NEVER_ASKED'))) return refuse('TOP_UP_ID_REUSED');
      if (isRefused(allowed)) return allowed;
      const limits = limitsOn(TOP_UP_LIMITS.ATM, businessDate(at));
      const wrong = checkAmount(amount, limits);
      if (wrong) return wrong;
      // A machine is locked like a terminal when it reads too many codes that are none.
      const scans = await work.badScans.of(atmId);
      const locked = scanLock(scans, at);
      if (locked) return locked;
      const usable = await presentCode(work, {
        digits: request.code,
        by: id,
        at,
        businessDate: businessDate(at),
        terminalId: atmId,
        scans,
        spends: 0,
      });
      if (isRefused(usable)) return usable;
      const wallet = await wallets.find(usable.walletId);
      if (wallet?.state !== 'OPEN') return refuse('WALLET_FROZEN');
      const account = await ledger.account(session, walletAccount(wallet.id));
      // A wallet hears a moment later that it is closed; its account knows before the cash is taken.
      if (account?.status !== 'OPEN') return refuse('WALLET_FROZEN');
      const waiting = await topUps.waitingOf(wallet.id);
      const full = checkRoom(account, { source: 'ATM', amount, waiting }, limits, at);
      if (full) return full;
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
      await topUps.noteAtm(id, at);
      await topUps.insert(topUp);
      return topUp;
    });
  };
