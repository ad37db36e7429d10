import type { PaymentRecord } from '../payment/payment.ts';
import type { WalletWork } from '../unit-of-work.ts';
import type { ReviewFacts } from './review.ts';

/** Since when the payer’s wallet and device are known. */
export interface PayerSince {
  readonly walletOpenedAt: Date;
  /** Null for a code that the platform made: which device shows it is not known. */
  readonly deviceRegisteredAt: Date | null;
}

const HOUR_MS = 3_600_000;

/** Looks up what a judge is told of a payment, inside of the unit of work that pays. */
export async function readReviewFacts(
  { payments, limits }: WalletWork,
  { walletId, amount, at, businessDate }: PaymentRecord & { readonly walletId: string },
  { walletOpenedAt, deviceRegisteredAt }: PayerSince,
): Promise<ReviewFacts> {
  const largestYen = await payments.largestOf(walletId);
  const setting = await limits.find(walletId);
  const hoursSince = (since: Date): number =>
    Math.max(0, Math.floor((at.getTime() - since.getTime()) / HOUR_MS));
  const orUnknown = (since: Date | null): number | null => since && hoursSince(since);
  return {
    businessDate,
    amountYen: amount ?? 0,
    largestYen,
    walletAgeHours: hoursSince(walletOpenedAt),
    deviceAgeHours: orUnknown(deviceRegisteredAt),
    limitRaisedHours: orUnknown(setting?.raisedAt ?? null),
    contactChangedHours: null, // 7iD tells nobody of it yet
  };
}
