import type { Controls } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { accountSetPlan, walletAccount } from '@7pay/ledger';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { requireStrongProof, type Wallet } from '../wallet/wallet.ts';
import {
  applied,
  asAccountLimits,
  checkLimits,
  type LimitSetting,
  NO_LIMITS,
  type PaymentLimits,
  set,
} from './payment-limits.ts';

export type SetLimitsRefusal =
  | 'STEP_UP_REQUIRED'
  | 'WALLET_NOT_OPEN'
  | 'WALLET_CLOSED'
  | 'LIMIT_TOO_HIGH';

/** The member sets what the wallet pays at most: lower at once, higher after a day. */
export const setMyPaymentLimits =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (
    viewer: MemberViewer,
    wanted: PaymentLimits,
  ): Promise<Wallet | Refused<SetLimitsRefusal>> => {
    const weak = requireStrongProof(viewer) ?? checkLimits(wanted);
    if (weak) return weak;
    return unitOfWork(async (work) => {
      const wallet = await work.wallets.findByMember(viewer.memberId);
      if (!wallet) return refuse('WALLET_NOT_OPEN');
      if (wallet.state === 'CLOSED') return refuse('WALLET_CLOSED');
      const before = (await work.limits.find(wallet.id)) ?? noneOf(wallet.id);
      const at = clock.now();
      const change = { before, after: set(before, wanted, at) };
      return (await write(work, change, at, controls.generation)) ?? wallet;
    });
  };

/** Puts a raise in force whose time has come; a wallet without one is left alone, and one that is closed waits no more. */
export const raiseLimits =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (walletId: string): Promise<void> =>
    unitOfWork(async (work) => {
      const before = await work.limits.find(walletId);
      const at = clock.now();
      const after = before && applied(before, at);
      if (after && after !== before) {
        const closed = await write(work, { before, after }, at, controls.generation);
        if (closed) await work.limits.write({ ...before, pending: null });
      }
    });

export const noneOf = (walletId: string): LimitSetting => ({
  walletId,
  now: NO_LIMITS,
  pending: null,
  raisedAt: null,
  changes: 0,
});

async function write(
  { session, ledger, limits }: WalletWork,
  { before, after }: { before: LimitSetting; after: LimitSetting },
  at: Date,
  generation: number,
): Promise<Refused<'WALLET_CLOSED'> | null> {
  const { walletId: wallet, changes } = after;
  if (changes !== before.changes) {
    const id = `${wallet}:limits:${changes}`;
    const told = { id, wallet, at, generation, ref: { walletId: wallet } };
    const sets = { account: walletAccount(wallet), limits: asAccountLimits(after.now) };
    const entry = await ledger.post(session, accountSetPlan(told, sets));
    if (isRefused(entry)) return refuse('WALLET_CLOSED'); // an account takes its limits until it is closed
  }
  await limits.write(after);
  return null;
}
