import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { CodeLogin } from '../payment-code/code-login.ts';
import type { PublicPoint } from './device-vault.ts';

/** A phone or browser that makes payment codes by itself. */
export interface PaymentDevice {
  readonly id: string;
  readonly walletId: string;
  readonly memberId: string;
  readonly name: string;
  readonly state: 'ACTIVE' | 'REMOVED';
  /** Which of the wallet’s places it takes. */
  readonly place: number;
  readonly serverKey: PublicPoint;
  readonly sealed: string;
  readonly registeredAt: Date;
  /** When it last reached the platform. */
  readonly contactAt: Date;
  /** What was paid with its codes since then. */
  readonly payments: number;
  readonly spent: number;
  /** How often it was given handles; and the epoch and generation of the last time. */
  readonly batch: number;
  readonly epoch: number;
  readonly generation: number;
  /** In which it was given the handles that it may still have, the last refill first. */
  readonly logins: readonly CodeLogin[];
  readonly removedAt: Date | null;
}

declareRefusals('payment-device', {
  TOO_MANY_PAYMENT_DEVICES: {
    ja: '支払いに使える端末は{limit}台までです。使わない端末の登録を解除してください。',
    en: 'At most {limit} devices can pay. Please remove one that you no longer use.',
  },
  PAYMENT_DEVICE_UNKNOWN: {
    ja: 'この端末は支払いに登録されていません。もう一度登録してください。',
    en: 'This device is not registered for paying. Please register it again.',
  },
  CODE_NEEDS_ONLINE: {
    ja: 'お客様の端末を一度インターネットに接続し、新しいコードを表示してもらってください。',
    en: 'Please ask the customer to connect the phone to the internet once and to show a new code.',
  },
});

/** Devices of one wallet at a time. */
export const DEVICES_MAX = 5;

/** What a device may pay while it does not reach the platform, in force from a business date. Amounts in yen. */
export interface OfflineCaps {
  readonly from: string;
  readonly payments: number;
  readonly yen: number;
  /** For so long after a contact a device counts as online. */
  readonly onlineSeconds: number;
  readonly owner: string;
  readonly source: string;
}

/** Dated caps; the newest that has begun applies. */
export const OFFLINE_CAPS: readonly OfflineCaps[] = [
  {
    from: '2019-07-01',
    payments: 3,
    yen: 10_000,
    onlineSeconds: 300,
    owner: 'risk',
    source: 'docs/adr/0025-codes-made-by-the-phone-and-bills.md',
  },
];

/** Decides whether a device may pay so much now, and counts it. A business date before the first table pays nothing offline. */
export function spendBy(
  device: PaymentDevice,
  { amount, at, businessDate }: { amount: number; at: Date; businessDate: string },
): PaymentDevice | Refused<'CODE_NEEDS_ONLINE'> {
  const caps = OFFLINE_CAPS.filter(({ from }) => from <= businessDate).at(-1);
  const after = { ...device, payments: device.payments + 1, spent: device.spent + amount };
  const awaySeconds = (at.getTime() - device.contactAt.getTime()) / 1_000;
  if (caps && awaySeconds <= caps.onlineSeconds) return after;
  if (!caps || after.payments > caps.payments || after.spent > caps.yen) {
    return refuse('CODE_NEEDS_ONLINE');
  }
  return after;
}
