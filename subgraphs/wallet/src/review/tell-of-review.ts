import assert from 'node:assert/strict';
import { walletAccount } from '@7pay/ledger';
import { reviewNotice } from '../notice/notice.ts';
import type { Payment } from '../payment/payment.ts';
import type { WalletWork } from '../unit-of-work.ts';

/** Tells the member of a review, in the same commit: that a payment waits for an answer, or that it was let go. */
export async function tellOfReview(
  { session, ledger, notices, stores }: WalletWork,
  payment: Payment,
  kind: 'PAYMENT_REVIEW' | 'PAYMENT_NOT_MADE',
  at: Date,
): Promise<void> {
  const account = await ledger.account(session, walletAccount(payment.walletId));
  assert(account, 'a wallet that paid has its account');
  const storeName = await stores.nameOf(payment.storeId);
  await notices.note(reviewNotice(payment, { kind, at, storeName, balance: account.posted }));
}
