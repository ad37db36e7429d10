import { type MemberViewer, notFound } from '@7pay/graphql';
import type { Refused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import type { PaymentDevice } from './payment-device.ts';

/**
 * Removes a device, and with it ends every code and handle of the wallet that is out: who lost a phone does not know what was copied
 * from it. Other devices are given new handles when they are next online. Never stopped by a switch: it only takes away.
 * @throws NOT_FOUND for a device that is not the member's
 */
export const removePaymentDevice =
  (unitOfWork: WalletUnitOfWork, clock: Clock) =>
  async (
    viewer: MemberViewer,
    deviceId: string,
  ): Promise<PaymentDevice | Refused<'STEP_UP_REQUIRED'>> => {
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    return unitOfWork(async ({ wallets, devices }) => {
      const device = await devices.find(deviceId);
      if (device?.memberId !== viewer.memberId) throw notFound();
      if (device.state === 'REMOVED') return device;
      const wallet = await wallets.find(device.walletId);
      const removed: PaymentDevice = {
        ...device,
        state: 'REMOVED',
        sealed: '',
        logins: [],
        removedAt: clock.now(),
      };
      await devices.change(removed);
      if (wallet) await wallets.endCodes(wallet);
      return removed;
    });
  };
