import type { Controls } from '@7pay/controls';
import { digest } from '@7pay/ids';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { BusinessDate } from '@7pay/time';
import type { DeviceVault } from '../payment-device/device-vault.ts';
import { spendBy } from '../payment-device/payment-device.ts';
import type { WalletWork } from '../unit-of-work.ts';
import type { PayerSince } from '../review/review-facts.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { type BadScans, countBadScan } from './bad-scans.ts';
import { stillHasWallet } from './code-login.ts';
import { type CodeRefusal, present, type ReadCode, readCode } from './payment-code.ts';
import { matchTime, presentHandle } from './payment-handle.ts';
import { timeDigits } from './time-digits.ts';

/** A code in the hands of a register. */
export interface Presentation {
  readonly digits: string;
  /** The payment or top-up that it is presented for: the same may present it again. */
  readonly by: string;
  readonly at: Date;
  readonly businessDate: BusinessDate;
  readonly terminalId: string;
  /** What the terminal scanned wrongly before. */
  readonly scans: BadScans | null;
  /** What is to leave the wallet, yen; 0 for a top-up. */
  readonly spends: number;
}

export type PresentCode = ReturnType<typeof presentCode>;
type PresentRefusal = CodeRefusal | 'CODE_NEEDS_ONLINE' | 'WALLET_FROZEN';
type Found = Pick<Wallet, 'memberId'> & { readonly walletId: string; readonly since: PayerSince };

/**
 * Uses a code up and tells whose it is, inside of the unit of work that pays or tops up. What cannot be a code of ours
 * is counted against the terminal; a code that came late or twice is not.
 */
export const presentCode =
  (vault: DeviceVault, controls: Controls) =>
  async (work: WalletWork, shown: Presentation): Promise<Found | Refused<PresentRefusal>> => {
    const code = readCode(shown.digits);
    const found = !code
      ? refuse('CODE_UNKNOWN')
      : code.kind === 'ONLINE'
        ? await presentOnline(work, shown)
        : await presentOffline(work, shown, { vault, code });
    if (isRefused(found)) {
      if (found.refused === 'CODE_UNKNOWN') {
        const { scans, terminalId, at } = shown;
        await work.badScans.write(scans, countBadScan(scans, terminalId, at));
      }
      return found;
    }
    const wallet = await work.wallets.find(found.walletId);
    if (wallet?.state !== 'OPEN') return refuse('WALLET_FROZEN');
    const hasEnded =
      found.epoch !== wallet.codeEpoch ||
      found.generation < controls.movedIn('payment') ||
      !stillHasWallet(found.login, controls);
    if (hasEnded) return refuse('CODE_EXPIRED');
    if (found.device && shown.spends > 0) {
      const spending = { amount: shown.spends, at: shown.at, businessDate: shown.businessDate };
      const device = spendBy(found.device, spending);
      if (isRefused(device)) return device;
      await work.devices.change(device);
    }
    const { walletId, memberId, device } = found;
    const since = {
      walletOpenedAt: wallet.openedAt,
      deviceRegisteredAt: device?.registeredAt ?? null,
    };
    return { walletId, memberId, since };
  };

async function presentOnline({ codes }: WalletWork, { digits, at, by }: Presentation) {
  const usable = present(await codes.find(digest(digits)), at, by);
  if (isRefused(usable)) return usable;
  if (usable.usedBy === null) await codes.use(usable.digest, by);
  return { ...usable, device: null };
}

async function presentOffline(
  { handles, devices }: WalletWork,
  { at, by }: Presentation,
  { vault, code }: { vault: DeviceVault; code: Extract<ReadCode, { kind: 'OFFLINE' }> },
) {
  const handle = await handles.find(vault.keyOf(code.handle));
  const device = handle && (await devices.find(handle.deviceId));
  // A removed device has no secret left: what it showed cannot be told from a guess.
  if (!handle || !device || device.sealed === '') return refuse('CODE_UNKNOWN');
  // Whatever the answer: a second try at the time digits finds it burnt.
  if (handle.usedBy === null) await handles.use(handle.key, by);
  const agreed = vault.open(device.id, device.sealed);
  const digitsOf = timeDigits(agreed, { deviceId: device.id, handle: code.handle });
  const match = matchTime(digitsOf, code.time, at);
  const usable = presentHandle(handle, { match, device, at, by });
  return isRefused(usable) ? usable : { ...usable, device };
}
