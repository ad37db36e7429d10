import assert from 'node:assert/strict';
import type { WalletWork } from '../unit-of-work.ts';
import { holdEntryId, paidEntryId, type TakenPayment } from './payment-entries.ts';
import type { Payment } from './payment.ts';

/** Reads how an accepted payment was taken, when it was counted, and what of it went back already. */
export async function readTaken(
  { session, ledger }: Pick<WalletWork, 'session' | 'ledger'>,
  payment: Payment,
): Promise<TakenPayment> {
  const paid = await ledger.entry(session, paidEntryId(payment));
  assert(paid, 'an accepted payment has its entry');
  // What was held was counted then, and a capture counts nothing again.
  const counted = payment.authorizedUntil
    ? await ledger.entry(session, holdEntryId(payment))
    : paid;
  assert(counted, 'what was captured was held');
  const earlier = await ledger.reversalsOf(session, paid);
  return { payment, paid, countedAt: counted.at, earlier };
}
