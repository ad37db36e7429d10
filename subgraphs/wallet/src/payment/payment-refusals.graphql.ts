import { refusalClass, YenScalar } from '@7pay/graphql';
import { Int } from 'type-graphql';

const limit = (description: string) => ({ limit: { type: YenScalar, description } });

export const CodeUnknown = refusalClass('CODE_UNKNOWN', 'The code is not one of ours.');
export const CodeExpired = refusalClass('CODE_EXPIRED', 'The code was presented too late.');
export const CodeUsed = refusalClass('CODE_USED', 'The code was presented before.');
export const CodeNeedsOnline = refusalClass(
  'CODE_NEEDS_ONLINE',
  'The phone has paid as much as it may without having been online.',
);
export const TerminalLocked = refusalClass(
  'TERMINAL_LOCKED',
  'The terminal presented too many codes that are not ours. Nothing was looked at.',
  { retryAfterSeconds: { type: Int, description: 'After how many seconds to try again.' } },
);
/** Refusals of a code, shared with top-ups. */
export const codeRefusals = [CodeUnknown, CodeExpired, CodeUsed, TerminalLocked] as const;

export const StoreNotSelling = refusalClass(
  'STORE_NOT_SELLING',
  'The store may not sell, or not yet.',
);
export const InsufficientBalance = refusalClass(
  'INSUFFICIENT_BALANCE',
  'The wallet holds less than the amount.',
  { short: { type: YenScalar, description: 'How many yen are missing.' } },
);
export const PaymentIdReused = refusalClass(
  'PAYMENT_ID_REUSED',
  'The number was used with other contents.',
);
export const PaymentCancelledEarlier = refusalClass(
  'PAYMENT_CANCELLED_EARLIER',
  'The payment does not stand: a cancel arrived before it, or it was cancelled or let go since. Nothing is charged for it.',
);
export const AmountTooLarge = refusalClass(
  'AMOUNT_TOO_LARGE',
  'The amount is above the limit of one payment.',
  limit('The most one payment may be, yen.'),
);
export const LimitExceeded = refusalClass(
  'LIMIT_EXCEEDED',
  'The amount is above a limit of the wallet for one entry, a day or 30 days.',
  {
    ...limit('The limit that is exceeded, yen.'),
    left: { type: YenScalar, description: 'What is left of it now, yen.' },
    period: { type: String, description: '`perEntry`, `day`, `hours24` or `days30`.' },
  },
);
export const TooManyHolds = refusalClass(
  'TOO_MANY_HOLDS',
  'Too many payments of the wallet are not final yet.',
);
export const PaymentUnknown = refusalClass(
  'PAYMENT_UNKNOWN',
  'The merchant has no payment under this number.',
);
export const PaymentNotAuthorized = refusalClass(
  'PAYMENT_NOT_AUTHORIZED',
  'Nothing is held for the payment.',
);
export const HoldNotOpen = refusalClass(
  'HOLD_NOT_OPEN',
  'What was held was captured or released, or its time is over.',
);
export const CaptureAboveHold = refusalClass('CAPTURE_ABOVE_HOLD', 'More than is held.', {
  held: { type: YenScalar, description: 'What is held, yen.' },
});
export const PaymentNotRefundable = refusalClass(
  'PAYMENT_NOT_REFUNDABLE',
  'The payment does not stand.',
);
export const RefundAbovePayment = refusalClass(
  'REFUND_ABOVE_PAYMENT',
  'More than is left of the payment.',
  { left: { type: YenScalar, description: 'What can still be refunded, yen.' } },
);
export const RefundIdReused = refusalClass(
  'REFUND_ID_REUSED',
  'The number of the refund was used with other contents.',
);
