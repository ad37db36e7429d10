import type { Yen } from '@7pay/money';

/** A part of a payment that was given back. Kept for ever under the merchant’s own number. */
export interface PaymentRefund {
  readonly id: string;
  readonly paymentId: string;
  /** The merchant’s own number of the refund. */
  readonly refundId: string;
  /** Digest of the request: the same number with other contents is refused. */
  readonly request: string;
  /** This is the n-th refund of the payment. */
  readonly n: number;
  readonly amount: Yen;
  /** Why, in the merchant’s words; empty if not told. */
  readonly reason: string;
  readonly at: Date;
}
