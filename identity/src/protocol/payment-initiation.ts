import { type PaymentInitiation, paymentInitiation } from '@7pay/graphql';
import { errors } from 'oidc-provider';

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
