import type { Controls, ControlsRefusal } from '@7pay/controls';
import { badUserInput, type MemberViewer } from '@7pay/graphql';
import { derivedId } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { guardCodes } from '../payment-code/guard-codes.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { requireStrongProof } from '../wallet/wallet.ts';
import type { DeviceVault, PublicPoint } from './device-vault.ts';
import { DEVICES_MAX, type PaymentDevice } from './payment-device.ts';

export type RegisterDeviceRefusal =
  | 'STEP_UP_REQUIRED'
  | 'WALLET_NOT_OPEN'
  | 'WALLET_FROZEN'
  | 'TOO_MANY_PAYMENT_DEVICES';

/**
 * Registers a device that makes payment codes by itself: agrees a secret with its public key. The same key again is the same
 * device with the same answer.
 * @throws BAD_USER_INPUT when the key is no point of P-256, or was removed before
 */
export const registerPaymentDevice =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock, vault: DeviceVault) =>
  async (
    viewer: MemberViewer,
    { publicKey, name }: { publicKey: PublicPoint; name: string },
  ): Promise<PaymentDevice | Refused<RegisterDeviceRefusal | ControlsRefusal>> => {
    const allowed = guardCodes(controls);
    if (isRefused(allowed)) return allowed;
    const weak = requireStrongProof(viewer);
    if (weak) return weak;
    const id = derivedId('dev', viewer.memberId, publicKey.x, publicKey.y);
    const agreement = vault.agree(id, publicKey);
    if (!agreement)
      throw badUserInput('publicKey: the coordinates of a point of P-256 are expected');
    return unitOfWork(async ({ wallets, devices }) => {
      const wallet = await wallets.findByMember(viewer.memberId);
      if (!wallet) return refuse('WALLET_NOT_OPEN');
      if (wallet.state !== 'OPEN') return refuse('WALLET_FROZEN');
      const earlier = await devices.find(id);
      if (earlier?.state === 'REMOVED') {
        throw badUserInput('publicKey: a device that was removed comes back with a new key');
      }
      if (earlier) return earlier;
      const taken = new Set((await devices.ofWallet(wallet.id)).map(({ place }) => place));
      // Two that register at once meet at the place: the second one runs again and takes the next.
      const place = Array.from({ length: DEVICES_MAX }, (_, index) => index).find(
        (index) => !taken.has(index),
      );
      if (place === undefined) return refuse('TOO_MANY_PAYMENT_DEVICES', { limit: DEVICES_MAX });
      const at = clock.now();
      const device: PaymentDevice = {
        id,
        walletId: wallet.id,
        memberId: viewer.memberId,
        name,
        state: 'ACTIVE',
        place,
        ...agreement,
        registeredAt: at,
        contactAt: at,
        payments: 0,
        spent: 0,
        batch: 0,
        epoch: wallet.codeEpoch,
        generation: allowed.generation,
        logins: [],
        removedAt: null,
      };
      await devices.insert(device);
      return device;
    });
  };
