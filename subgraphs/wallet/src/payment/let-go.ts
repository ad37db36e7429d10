import assert from 'node:assert/strict';
import type { WalletWork } from '../unit-of-work.ts';
import { holdEntryId, releaseEntry } from './payment-entries.ts';
import type { Payment, PaymentRecord } from './payment.ts';

/** Lets go of what is held for a payment: nothing was charged. `change` says what else becomes of it. */
export async function letGo(
  { session, payments, ledger }: WalletWork,
  payment: Payment,
  { at, generation }: { at: Date; generation: number },
  change: Partial<Pick<PaymentRecord, 'cancelledAt' | 'review'>> = {},
): Promise<Payment> {
  const hold = await ledger.entry(session, holdEntryId(payment));
  assert(hold, 'what is held has its hold');
  await ledger.post(session, releaseEntry(payment, hold, at, generation));
  const released: Payment = { ...payment, ...change, state: 'RELEASED' };
  await payments.change(payment, released);
  return released;
}
