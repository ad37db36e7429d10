import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { derivedId } from '@7pay/ids';
import { walletAccount } from '@7pay/ledger';
import { isRefused, type Refused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import {
  BALANCE_CAP,
  open,
  type OpenWalletRefusal,
  requireStrongProof,
  type Wallet,
} from './wallet.ts';

/** Opens the member's wallet with its account in the ledger. A member has one; opening it again returns it. */
export const openWallet =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  async (
    viewer: MemberViewer,
    request: { termsVersion: string },
  ): Promise<Wallet | Refused<OpenWalletRefusal | ControlsRefusal>> => {
    const allowed = controls.guard('wallet.opening');

    return unitOfWork(async ({ session, wallets, ledger }) => {
      const earlier = await wallets.findByMember(viewer.memberId);
      // Also while opening is stopped; but the answer shows the balance, which a password alone does not.
      if (earlier) return requireStrongProof(viewer) ?? earlier;
      if (isRefused(allowed)) return allowed;

      const walletId = derivedId('wal', viewer.memberId);
      const wallet = open(viewer, { walletId, ...request }, clock.now());
      if (isRefused(wallet)) return wallet;

      await ledger.openAccount(session, {
        id: walletAccount(wallet.id),
        kind: 'USER_WALLET',
        currency: 'JPY',
        owner: viewer.memberId,
        wallet: wallet.id,
        cap: BALANCE_CAP,
      });
      await wallets.insert(wallet);
      return wallet;
    });
  };
