import type { Controls, ControlsRefusal } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import type { IdSource } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { codeLoginOf, stillHasWallet } from '../payment-code/code-login.ts';
import { guardCodes } from '../payment-code/guard-codes.ts';
import { HANDLE_DIGITS } from '../payment-code/payment-code.ts';
import { HANDLES_A_REFILL, handleExpiry, REFILLS_VALID } from '../payment-code/payment-handle.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import type { DeviceVault } from './device-vault.ts';

export type IssueHandlesRefusal =
  | 'STEP_UP_REQUIRED'
  | 'WALLET_NOT_OPEN'
  | 'WALLET_FROZEN'
  | 'PAYMENT_DEVICE_UNKNOWN';

/** What a device is told when it reaches the platform. */
export interface IssuedHandles {
  /** New handles, shown once; none while the device has enough. */
  readonly handles: readonly string[];
  /** Whether the handles that it had are dead. */
  readonly replacesAll: boolean;
  readonly expiresAt: Date;
  /** The time here: a phone whose clock is wrong shows the right digits all the same. */
  readonly now: Date;
}

/** With so many left a device is given no more. */
const ENOUGH = 10;

/**
 * Hears from a device, which counts as online from now on, and gives it handles when it has few. An answer that is lost costs handles and
 * nothing else: the last three refills stay valid.
 */
export const issueHandles =
  (
    unitOfWork: WalletUnitOfWork,
    controls: Controls,
    clock: Clock,
    { ids, vault }: { ids: IdSource; vault: DeviceVault },
  ) =>
  async (
    viewer: MemberViewer,
    { deviceId, left }: { deviceId: string; left: number },
  ): Promise<IssuedHandles | Refused<IssueHandlesRefusal | ControlsRefusal>> => {
    const allowed = guardCodes(controls);
    if (isRefused(allowed)) return allowed;
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    return unitOfWork(async ({ wallets, devices, handles }) => {
      const wallet = await wallets.findByMember(viewer.memberId);
      if (!wallet) return refuse('WALLET_NOT_OPEN');
      if (wallet.state !== 'OPEN') return refuse('WALLET_FROZEN');
      const device = await devices.find(deviceId);
      if (device?.walletId !== wallet.id || device.state !== 'ACTIVE') {
        return refuse('PAYMENT_DEVICE_UNKNOWN'); // a stranger's device does not exist
      }
      const now = clock.now();
      const replacesAll =
        device.epoch !== wallet.codeEpoch ||
        device.generation < controls.movedIn('payment') ||
        !device.logins.every((earlier) => stillHasWallet(earlier, controls));
      const refills = replacesAll || left < ENOUGH;
      const { codeEpoch: epoch } = wallet;
      const { generation } = allowed;
      const login = codeLoginOf(viewer);
      const logins = [login, ...(replacesAll ? [] : device.logins)].slice(0, REFILLS_VALID);
      const contacted = { ...device, contactAt: now, payments: 0, spent: 0 };
      const batch = device.batch + 1;
      await devices.change(
        refills ? { ...contacted, batch, epoch, generation, logins } : contacted,
      );
      const expiresAt = handleExpiry(now);
      const issued: string[] = [];
      // Made inside: digits that somebody has already are drawn again when the work runs again.
      for (let count = 0; refills && count < HANDLES_A_REFILL; count += 1) {
        const handle = ids.digits(HANDLE_DIGITS);
        issued.push(handle);
        await handles.insert({
          key: vault.keyOf(handle),
          deviceId,
          walletId: wallet.id,
          memberId: wallet.memberId,
          batch,
          epoch,
          generation,
          login,
          issuedAt: now,
          expiresAt,
          usedBy: null,
        });
      }
      return { handles: issued, replacesAll, expiresAt, now };
    });
  };
