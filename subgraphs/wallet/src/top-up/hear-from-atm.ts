import assert from 'node:assert/strict';
import { credit, debit, type PlainPlan } from '@7pay/ledger';
import type { Yen } from '@7pay/money';
import type { Clock } from '@7pay/time';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { atmTopUpId } from './ask-at-atm.ts';
import { bookSuspense, bookTaken, caseIdOf, postSuspense } from './book-top-up.ts';
import { openCase } from './top-up-case.ts';
import type { AtmTopUp, TopUpState } from './top-up.ts';
import { whereItLies } from './where-it-lies.ts';

/** What a machine did: how much it took, or that it took nothing. */
export interface AtmTold {
  readonly atmTransactionId: string;
  readonly atmId: string;
  /** Null: it took nothing. */
  readonly taken: Yen | null;
}

/** Where it ended; UNKNOWN when it took nothing for something that we never heard of. */
export type AtmEnd = TopUpState | 'UNKNOWN';

export type HearFromAtm = (told: AtmTold) => Promise<AtmEnd>;

/**
 * Books what a machine did, once, however often and however late it is told. No switch is asked: the cash lies in the
 * machine. What we never agreed to take lies in suspense with a case.
 */
export const hearFromAtm =
  (unitOfWork: WalletUnitOfWork, generation: () => number, clock: Clock): HearFromAtm =>
  (told) =>
    unitOfWork(async (work) => {
      const at = clock.now();
      const topUp = await work.topUps.find(atmTopUpId(told.atmTransactionId));
      if (!topUp) return unasked(work, told, { at, generation: generation() });
      assert(topUp.source === 'ATM', 'ids of the ATM network are its own');
      return told.taken === null
        ? notTaken(work, topUp, at)
        : taken(work, topUp, { amount: told.taken, at });
    });

async function taken(
  work: WalletWork,
  topUp: AtmTopUp,
  { amount, at }: { amount: Yen; at: Date },
): Promise<TopUpState> {
  if (topUp.state === 'PENDING') {
    const isAgreed = amount === topUp.amount;
    const ended = isAgreed
      ? await bookTaken(work, topUp, at)
      : await bookSuspense(work, topUp, { reason: 'AMOUNT_DIFFERS', amount, at });
    return ended.state;
  }
  if (topUp.state !== 'DECLINED') return topUp.state; // told before
  await postSuspense(work, topUp, { reason: 'TAKEN_AFTER_DECLINED', amount, at });
  await work.topUps.moveToSuspense(topUp.id, at);
  return 'SUSPENSE';
}

async function notTaken(work: WalletWork, topUp: AtmTopUp, at: Date): Promise<TopUpState> {
  const { topUps, topUpCases } = work;
  if (topUp.state === 'PENDING') {
    await topUps.finish(topUp.id, 'DECLINED', at);
    return 'DECLINED';
  }
  if (topUp.state === 'DECLINED') return 'DECLINED';
  // It said the opposite before. Nothing is taken from the member by itself.
  const id = caseIdOf(topUp.id, 'NOT_TAKEN_AFTER_SETTLED');
  if (!(await topUpCases.find(id))) {
    const { id: topUpId, memberId, atmTransactionId: partyReference } = topUp;
    const { place } = await whereItLies(work, { topUpId, partyReference });
    await topUpCases.insert(
      openCase({
        id,
        source: 'ATM',
        reason: 'NOT_TAKEN_AFTER_SETTLED',
        amount: place.amount,
        topUpId,
        memberId,
        partyReference,
        openedAt: at,
      }),
    );
  }
  return topUp.state;
}

async function unasked(
  { session, ledger, topUps, topUpCases }: WalletWork,
  { atmTransactionId, atmId, taken: amount }: AtmTold,
  { at, generation }: { at: Date; generation: number },
): Promise<AtmEnd> {
  if (amount === null) return 'UNKNOWN';
  const topUpId = atmTopUpId(atmTransactionId);
  const id = caseIdOf(topUpId, 'NEVER_ASKED');
  if (await topUpCases.find(id)) return 'SUSPENSE';
  await topUps.noteAtm(topUpId, at);
  await ledger.post(session, unaskedEntry({ topUpId, atmId, amount, at, generation }));
  await topUpCases.insert(
    openCase({
      id,
      source: 'ATM',
      reason: 'NEVER_ASKED',
      amount,
      topUpId: null,
      memberId: null,
      partyReference: atmTransactionId,
      openedAt: at,
    }),
  );
  return 'SUSPENSE';
}

/** The entry for cash of nobody we know: it belongs to no wallet. */
const unaskedEntry = (cash: {
  topUpId: string;
  atmId: string;
  amount: Yen;
  at: Date;
  generation: number;
}): PlainPlan => ({
  id: `${cash.topUpId}:unasked`,
  kind: 'SUSPENSE',
  wallet: 'sys:atm',
  at: cash.at,
  legs: [
    debit(`atm-cash:${cash.atmId}`, cash.amount),
    credit(`suspense:top-up:${cash.topUpId}`, cash.amount),
  ],
  generation: cash.generation,
  ref: { topUpId: cash.topUpId, atmId: cash.atmId },
});
