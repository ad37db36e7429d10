import type { Controls } from '@7pay/controls';
import type { Clock } from '@7pay/time';
import type { PresentCode } from '../payment-code/present-code.ts';
import type { Judge } from '../review/review.ts';
import type { WalletUnitOfWork } from '../unit-of-work.ts';
import { acceptPayment, type Booking } from './accept-payment.ts';
import { holdEntry, type HeldPayment } from './payment-entries.ts';

/** How long money is held for a terminal that has not captured it. Source: docs/adr/0008-limits.md */
export const HELD_MINUTES = 60;

/** Holds the money until it is captured, let go, or the time is over. */
const HELD: Booking = {
  name: 'authorize',
  becomes: 'AUTHORIZED',
  stand: ({ at }) => ({
    state: 'AUTHORIZED',
    authorizedUntil: new Date(at.getTime() + HELD_MINUTES * 60_000),
  }),
  entry: (payment) => holdEntry(payment as HeldPayment),
};

/**
 * Holds money for a payment whose final amount is not known yet, or whose goods are handed over later. The number, the
 * code and repetition work as with a payment that is accepted at once.
 */
export const authorizePayment = (
  unitOfWork: WalletUnitOfWork,
  controls: Controls,
  clock: Clock,
  { presentCode, judge }: { presentCode: PresentCode; judge?: Judge },
): ReturnType<typeof acceptPayment> =>
  acceptPayment(unitOfWork, controls, clock, {
    presentCode,
    booking: HELD,
    ...(judge ? { judge } : {}),
  });
