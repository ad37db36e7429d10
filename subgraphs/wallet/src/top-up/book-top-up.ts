import { derivedId } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import type { WalletWork } from '../unit-of-work.ts';
import { openCase, type TopUpCaseReason } from './top-up-case.ts';
import { type OutsideTopUp, suspenseEntry, type TopUp, topUpEntry } from './top-up.ts';

/**
 * Books what a party took for a pending top-up: into the wallet, or, when that refuses, into suspense with a case.
 * The money is taken: it must not vanish.
 */
export async function bookTaken(work: WalletWork, topUp: OutsideTopUp, at: Date): Promise<TopUp> {
  const entry = await work.ledger.post(work.session, topUpEntry(topUp, at));
  if (isRefused(entry)) {
    return bookSuspense(work, topUp, { reason: 'WALLET_REFUSED', amount: topUp.amount, at });
  }
  await work.topUps.finish(topUp.id, 'SETTLED', at);
  return { ...topUp, state: 'SETTLED', settledAt: at };
}

/** Books what was taken for a pending top-up into suspense, with its case. */
export async function bookSuspense(
  work: WalletWork,
  topUp: OutsideTopUp,
  taken: { reason: TopUpCaseReason; amount: number; at: Date },
): Promise<TopUp> {
  const { at } = taken;
  await postSuspense(work, topUp, taken);
  await work.topUps.finish(topUp.id, 'SUSPENSE', at);
  return { ...topUp, state: 'SUSPENSE', settledAt: at };
}

/** The entry and the case of money in suspense. */
export async function postSuspense(
  { session, ledger, topUpCases }: WalletWork,
  topUp: OutsideTopUp,
  { reason, amount, at }: { reason: TopUpCaseReason; amount: number; at: Date },
): Promise<void> {
  await ledger.post(session, suspenseEntry(topUp, { amount, at }));
  await topUpCases.insert(
    openCase({
      id: caseIdOf(topUp.id, reason),
      source: topUp.source,
      reason,
      amount,
      topUpId: topUp.id,
      memberId: topUp.memberId,
      partyReference: topUp.source === 'ATM' ? topUp.atmTransactionId : null,
      openedAt: at,
    }),
  );
}

/** The case of one reason about one top-up, or about one number of a party. */
export const caseIdOf = (about: string, reason: TopUpCaseReason): string =>
  derivedId('toc', about, reason);
