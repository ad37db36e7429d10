import assert from 'node:assert/strict';
import { walletAccount } from '@7pay/ledger';
import { reviewNotice } from '../notice/notice.ts';
import { tellMember } from '../notice/tell-member.ts';
import type { Payment } from '../payment/payment.ts';
import type { WalletWork } from '../unit-of-work.ts';

/** Tells the member of a review, in the same commit: that a payment waits for an answer, or that it was let go. */
export async function tellOfReview(
  work: WalletWork,
  payment: Payment,
  kind: 'PAYMENT_REVIEW' | 'PAYMENT_NOT_MADE',
  at: Date,
): Promise<void> {
  const { session, ledger, stores } = work;
  const account = await ledger.account(session, walletAccount(payment.walletId));
  assert(account, 'a wallet that paid has its account');
  const storeName = await stores.nameOf(payment.storeId);
  const told = { kind, at, storeName, balance: account.posted };
  await tellMember(work, reviewNotice(payment, told));
}
