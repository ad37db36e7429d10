import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { TerminalViewer } from '@7pay/graphql';
import { derivedId, digest } from '@7pay/ids';
import { walletAccount } from '@7pay/ledger';
import type { Yen } from '@7pay/money';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { scanLock } from '../payment-code/bad-scans.ts';
import type { CodeRefusal } from '../payment-code/payment-code.ts';
import type { PresentCode } from '../payment-code/present-code.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import type { SettleTopUp } from './settle-top-up.ts';
import { checkRoom, limitsOn, TOP_UP_LIMITS } from './top-up-limits.ts';
import { checkAmount, type RegisterTopUp, type RoomRefusal, type TopUp } from './top-up.ts';

export type TopUpAtRegisterRefusal =
  | RoomRefusal
  | CodeRefusal
  | 'CODE_NEEDS_ONLINE'
  | 'TERMINAL_LOCKED'
  | 'TOP_UP_ID_REUSED'
  | 'TOP_UP_DECLINED'
  | 'STORE_NOT_SELLING';

/** Our id of a register's own number. */
export const topUpIdOf = (
  { merchantId, storeId }: Pick<TerminalViewer, 'merchantId' | 'storeId'>,
  topUpId: string,
): string => derivedId('top', merchantId, storeId, topUpId);

/**
 * Tops a wallet up with cash that a register takes: first the wish is written down, then the register network
 * is asked, then the wallet is credited. When the network does not answer, the top-up stays PENDING and the
 * worker asks again; no cash is lost and none is credited twice.
 */
export const topUpAtRegister =
  (
    unitOfWork: WalletUnitOfWork,
    controls: Controls,
    clock: Clock,
    { settle, presentCode }: { settle: SettleTopUp; presentCode: PresentCode },
  ) =>
  async (
    viewer: TerminalViewer,
    request: { topUpId: string; code: string; amount: Yen },
  ): Promise<TopUp | Refused<TopUpAtRegisterRefusal | ControlsRefusal>> => {
    const allowed = controls.guard('top-up.register');
    const { merchantId, storeId, terminalId } = viewer;
    const at = clock.now();
    const id = topUpIdOf(viewer, request.topUpId);
    const requestDigest = digest({ code: request.code, amount: request.amount });
    const noted = await unitOfWork(async (work) => {
      const { session, topUps, wallets, stores, ledger } = work;
      const earlier = await topUps.find(id);
      if (earlier) return earlier.request === requestDigest ? earlier : refuse('TOP_UP_ID_REUSED');
      if (isRefused(allowed)) return allowed; // an earlier one is answered also while top-ups are stopped
      const limits = limitsOn(TOP_UP_LIMITS.REGISTER, businessDate(at));
      const wrong = checkAmount(request.amount, limits);
      if (wrong) return wrong;
      if (!(await stores.isSelling(storeId))) return refuse('STORE_NOT_SELLING');

      const scans = await work.badScans.of(terminalId);
      const locked = scanLock(scans, at);
      if (locked) return locked;
      const usable = await presentCode(work, {
        digits: request.code,
        by: id,
        at,
        businessDate: businessDate(at),
        terminalId,
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
      const { amount } = request;
      // Before the cash is taken.
      const full = checkRoom(account, { source: 'REGISTER', amount, waiting }, limits, at);
      if (full) return full;
      const topUp: RegisterTopUp = {
        id,
        source: 'REGISTER',
        walletId: wallet.id,
        memberId: wallet.memberId,
        merchantId,
        storeId,
        terminalId,
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
    if (isRefused(noted)) return noted;
    const settled = noted.state === 'PENDING' ? await settle(noted) : noted;
    return settled.state === 'DECLINED' ? refuse('TOP_UP_DECLINED') : settled;
  };
