import { type Refused, refuse } from '@7pay/refusals';
import type { CodeLogin } from './code-login.ts';
import type { PaymentDevice } from '../payment-device/payment-device.ts';
import { stepOf } from './time-digits.ts';

/** A handle as kept: which device may make codes of it, once. */
export interface PaymentHandle {
  /** What its digits are kept under, see `DeviceVault.keyOf`. */
  readonly key: string;
  readonly deviceId: string;
  readonly walletId: string;
  readonly memberId: string;
  /** In which refill of its device it was issued. */
  readonly batch: number;
  /** Of the wallet’s codes, and of the controls, when it was issued. */
  readonly epoch: number;
  readonly generation: number;
  /** In which it was issued; null for one of an older version. */
  readonly login: CodeLogin | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** The payment or top-up that it was presented for first, also when that was refused. */
  readonly usedBy: string | null;
}

/** Handles of a refill, and how many refills stay valid: an answer may be lost, and a phone may stay offline. */
export const HANDLES_A_REFILL = 20;
export const REFILLS_VALID = 3;
const HANDLE_DAYS = 30;
/** A step before or after the present one: 90 seconds in all, for clocks that differ and hands that are slow. */
const STEPS_AROUND = 1;
/** Ten minutes: digits of then are a code that came late, not one that was guessed. */
const STEPS_GENUINE = 20;

/** Until when a handle that is issued now can be used. */
export const handleExpiry = (at: Date): Date => new Date(at.getTime() + HANDLE_DAYS * 86_400_000);

/** How the time digits of a presented code stand. `STRANGE` ones were never shown around now. */
export type TimeMatch = 'NOW' | 'LATE' | 'STRANGE';

/** Compares presented digits with those of the steps around an instant. */
export function matchTime(
  digitsOf: (step: number) => string,
  presented: string,
  at: Date,
): TimeMatch {
  const now = stepOf(at);
  const shownWithin = (steps: number) => {
    for (let away = 0; away <= steps; away += 1) {
      if (digitsOf(now - away) === presented || digitsOf(now + away) === presented) return true;
    }
    return false;
  };
  if (shownWithin(STEPS_AROUND)) return 'NOW';
  return shownWithin(STEPS_GENUINE) ? 'LATE' : 'STRANGE';
}

/**
 * Decides about a handle that was presented for `by`. Strange digits always get the same answer, used or not: nobody
 * finds out which handles exist.
 */
export function presentHandle(
  handle: PaymentHandle,
  { match, device, at, by }: { match: TimeMatch; device: PaymentDevice; at: Date; by: string },
): PaymentHandle | Refused<'CODE_UNKNOWN' | 'CODE_EXPIRED' | 'CODE_USED'> {
  if (match === 'STRANGE') return refuse('CODE_UNKNOWN');
  if (handle.usedBy !== null && handle.usedBy !== by) return refuse('CODE_USED');
  const isOld = handle.batch <= device.batch - REFILLS_VALID;
  if (match === 'LATE' || isOld || at >= handle.expiresAt || device.state !== 'ACTIVE') {
    return refuse('CODE_EXPIRED');
  }
  return handle;
}
