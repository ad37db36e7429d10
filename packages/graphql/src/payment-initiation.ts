import { z } from 'zod';

/** The most that one agreement can be about, in yen. */
export const PAYMENT_YEN_MAX = 1_000_000;

/** The `authorization_details` of one payment that a member agrees to (RFC 9396): how much, to whom, under which id. */
export const paymentInitiation = z.strictObject({
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

export type PaymentInitiation = z.infer<typeof paymentInitiation>;
