import { errors } from 'oidc-provider';
import { z } from 'zod';

/** The most that one agreement can be about, in yen. */
export const PAYMENT_YEN_MAX = 1_000_000;

const paymentInitiation = z.strictObject({
  type: z.literal('payment_initiation'),
  amount: z.strictObject({
    currency: z.literal('JPY'),
    /** Whole yen. */
    value: z.number().int().min(1).max(PAYMENT_YEN_MAX),
  }),
  payee: z.strictObject({
    merchantId: z.string().regex(/^mer_[0-9a-z]{1,64}$/),
    name: z.string().trim().min(1).max(60),
  }),
  /** Made by the partner: sent twice, it pays once. */
  paymentId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
});

/** One payment that a member agrees to (RFC 9396): how much, to whom, under which id. */
export type PaymentInitiation = z.infer<typeof paymentInitiation>;

/** Nobody reads a long list before they agree. */
const DETAILS_MAX = 1;

/**
 * Reads the details of a request.
 * @throws InvalidAuthorizationDetails when a member is missing, unknown or out of its range
 */
export function readPaymentInitiation(detail: unknown): PaymentInitiation {
  const read = paymentInitiation.safeParse(detail);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.join('.') || 'payment_initiation';
  throw new errors.InvalidAuthorizationDetails(`payment_initiation: ${where} is not as it must be`);
}

/** @throws InvalidAuthorizationDetails when there is more than one payment to agree to */
export function oneAtATime(raw: unknown): void {
  const list: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw;
  if (Array.isArray(list) && list.length > DETAILS_MAX) {
    throw new errors.InvalidAuthorizationDetails('one payment at a time');
  }
}
