import assert from 'node:assert/strict';
import type { WalletWork } from '../unit-of-work.ts';
import { type Asker, askedBy, holdEntryId, releaseEntry } from './payment-entries.ts';
import type { Payment, PaymentRecord } from './payment.ts';

/** Lets go of what is held for a payment: nothing was charged. `asker` is the terminal that called it off, if one did. `change` says what else becomes of it. */
export async function letGo(
  { session, payments, ledger }: WalletWork,
  payment: Payment,
  { at, generation, asker }: { at: Date; generation: number; asker?: Asker },
  change: Partial<Pick<PaymentRecord, 'cancelledAt' | 'review'>> = {},
): Promise<Payment> {
  const hold = await ledger.entry(session, holdEntryId(payment));
  assert(hold, 'what is held has its hold');
  const plan = releaseEntry(payment, hold, at, generation);
  await ledger.post(session, asker ? askedBy(plan, asker) : plan);
  const released: Payment = { ...payment, ...change, state: 'RELEASED' };
  await payments.change(payment, released);
  return released;
}
