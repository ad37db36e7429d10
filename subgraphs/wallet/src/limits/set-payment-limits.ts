import assert from 'node:assert/strict';
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

export type SetLimitsRefusal = 'STEP_UP_REQUIRED' | 'WALLET_NOT_OPEN' | 'LIMIT_TOO_HIGH';

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
      const before = (await work.limits.find(wallet.id)) ?? noneOf(wallet.id);
      const at = clock.now();
      await write(work, { before, after: set(before, wanted, at) }, at, controls.generation);
      return wallet;
    });
  };

/** Puts a raise in force whose time has come; a wallet without one is left alone. */
export const raiseLimits =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  (walletId: string): Promise<void> =>
    unitOfWork(async (work) => {
      const before = await work.limits.find(walletId);
      const at = clock.now();
      const after = before && applied(before, at);
      if (after && after !== before) {
        await write(work, { before, after }, at, controls.generation);
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
): Promise<void> {
  const { walletId: wallet, changes } = after;
  if (changes !== before.changes) {
    const id = `${wallet}:limits:${changes}`;
    const told = { id, wallet, at, generation, ref: { walletId: wallet } };
    const sets = { account: walletAccount(wallet), limits: asAccountLimits(after.now) };
    const entry = await ledger.post(session, accountSetPlan(told, sets));
    assert(!isRefused(entry), 'an account takes its limits');
  }
  await limits.write(after);
}
