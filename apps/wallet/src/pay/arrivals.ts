import type { Latest } from '../operations.ts';

/** What happened at the register since a moment. */
export type Arrival =
  | { readonly kind: 'payment'; readonly id: string }
  | { readonly kind: 'topUp'; readonly amount: number; readonly balance: number }
  | { readonly kind: 'declined' }
  /** The cash was taken and the wallet could not hold it: support settles it. */
  | { readonly kind: 'held'; readonly amount: number };

/**
 * Compares the newest rows with those from when the screen appeared. A top-up counts once it is settled;
 * until then it is still on its way.
 */
export function arrivalSince(before: Latest, now: Latest): Arrival | null {
  const payment = now.payments.nodes[0];
  if (payment && payment.id !== before.payments.nodes[0]?.id) {
    return { kind: 'payment', id: payment.id };
  }
  const topUp = now.topUps.nodes[0];
  const last = before.topUps.nodes[0];
  const isNews = topUp && (topUp.id !== last?.id || topUp.state !== last.state);
  if (!isNews || topUp.state === 'PENDING') return null;
  if (topUp.state === 'DECLINED') return { kind: 'declined' };
  if (topUp.state === 'SUSPENSE') return { kind: 'held', amount: topUp.amount };
  return { kind: 'topUp', amount: topUp.amount, balance: now.balance };
}
