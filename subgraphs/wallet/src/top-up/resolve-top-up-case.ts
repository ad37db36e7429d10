import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { type MemberViewer, notFound } from '@7pay/graphql';
import {
  type Account,
  credit,
  debit,
  type JournalEntry,
  type Leg,
  type PlainPlan,
  sumOf,
  takeUpTo,
  walletAccount,
} from '@7pay/ledger';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import { atmTopUpId } from './ask-at-atm.ts';
import {
  proposeWriteOff,
  type ResolveCaseRefusal,
  resolveCase,
  type TopUpCase,
  type TopUpResolution,
} from './top-up-case.ts';
import { channelOf, originOf, type TopUp } from './top-up.ts';

type MoveRefusal = 'WALLET_FROZEN' | 'BALANCE_CAP_EXCEEDED' | 'INSUFFICIENT_BALANCE';
type Answer = TopUpCase | Refused<ResolveCaseRefusal | MoveRefusal>;
type Asked = {
  readonly caseId: string;
  readonly resolution: TopUpResolution;
  readonly note: string;
};

/** Somebody takes a case: it is theirs to resolve, until another takes it. */
export const takeTopUpCase =
  (unitOfWork: WalletUnitOfWork, clock: Clock) =>
  ({ memberId: takenBy }: MemberViewer, caseId: string): Promise<Answer> =>
    unitOfWork(async ({ topUpCases }) => {
      const before = await topUpCases.find(caseId);
      if (!before) throw notFound();
      if (before.takenBy === takenBy) return before;
      if (before.state === 'RESOLVED') return refuse('TOP_UP_CASE_NOT_OPEN');
      const after = { ...before, takenBy, takenAt: clock.now() };
      await topUpCases.change(before, after);
      return after;
    });

/**
 * Resolves a case, once: case, top-up and entry change together. What lies in suspense goes into the wallet, back to the party,
 * or is written off; a write-off is proposed by one and done by another. The same again by the same person is the answer.
 */
export const resolveTopUpCase =
  (unitOfWork: WalletUnitOfWork, controls: Controls, clock: Clock) =>
  ({ memberId: by }: MemberViewer, { caseId, resolution, note }: Asked): Promise<Answer> =>
    unitOfWork(async (work) => {
      const before = await work.topUpCases.find(caseId);
      if (!before) throw notFound();
      const topUp = before.topUpId === null ? null : await work.topUps.find(before.topUpId);
      if (topUp?.memberId === by) return refuse('SECOND_PERSON_REQUIRED'); // nobody decides about their own money
      const at = clock.now();
      const proposed =
        resolution === 'WRITE_OFF' ? proposeWriteOff(before, { by, note, at }) : null;
      if (proposed) {
        if (!isRefused(proposed) && proposed !== before) {
          await work.topUpCases.change(before, proposed);
        }
        return proposed;
      }
      const after = resolveCase(before, { resolution, by, note, at });
      if (isRefused(after) || after === before) return after;
      const told = { topUp, resolution, at, generation: controls.generation };
      const moved = await move(work, before, told);
      if (isRefused(moved)) return moved;
      await work.topUpCases.change(before, after);
      return after;
    });

/** Moves what the case is about. What another case about the same top-up moved already is not moved again. */
async function move(
  work: WalletWork,
  about: TopUpCase,
  {
    topUp,
    resolution,
    at,
    generation,
  }: { topUp: TopUp | null; resolution: TopUpResolution; at: Date; generation: number },
): Promise<null | Refused<MoveRefusal>> {
  const { session, ledger, topUps } = work;
  const topUpId = about.topUpId ?? atmTopUpId(about.partyReference ?? '');
  const id = `${topUpId}:resolve`;
  const booked =
    (await ledger.entry(session, `${topUpId}:settle`)) ??
    (await ledger.entry(session, `${topUpId}:unasked`));
  assert(booked, 'a case is about money that was booked');
  const done = await ledger.entry(session, id);
  const wallet = topUp && (await ledger.account(session, walletAccount(topUp.walletId)));
  const moving = { topUp, wallet, topUpId, id, resolution, at, generation };
  const plan = done ? null : planOf(booked, moving);
  if (!plan) return null;
  const entry = await ledger.post(session, plan);
  if (isRefused(entry)) return entry as Refused<MoveRefusal>;
  if (topUp && resolution === 'TO_WALLET') await topUps.moveOn(topUp, 'SETTLED', at);
  if (topUp && resolution === 'RETURN') await topUps.moveOn(topUp, 'VOIDED', at);
  return null;
}

/** The entry of a resolution; null when the money lies where it is to be. */
function planOf(
  booked: JournalEntry,
  it: {
    readonly topUp: TopUp | null;
    readonly wallet: Account | null;
    readonly topUpId: string;
    readonly id: string;
    readonly resolution: TopUpResolution;
    readonly at: Date;
    readonly generation: number;
  },
): PlainPlan | null {
  const { topUp, wallet, topUpId, resolution, id, at, generation } = it;
  const taker = booked.legs.find(({ side }) => side === 'debit');
  const place = booked.legs.find(({ side }) => side === 'credit');
  assert(taker && place, 'money that was taken has come from somewhere and lies somewhere');
  const { amount } = place;
  const isInWallet = topUp !== null && place.account === walletAccount(topUp.walletId);
  if (isInWallet && resolution === 'TO_WALLET') return null;
  const member = topUp ? { walletId: topUp.walletId, memberId: topUp.memberId } : {};
  const told = { id, wallet: booked.wallet, at, generation, ref: { topUpId, ...member } };
  if (resolution === 'TO_WALLET') {
    assert(topUp, 'a case without a top-up is resolved in another way');
    const into = credit(walletAccount(topUp.walletId), amount, { origin: originOf(topUp.source) });
    return { ...told, kind: 'TOP_UP', legs: [debit(place.account, amount), into] };
  }
  // What the party did not take is owed by it no more: by the member’s money, or by ours.
  if (isInWallet && resolution === 'RETURN') {
    const { account } = place;
    const legs = [takenOut(place, wallet, at), credit(taker.account, amount)];
    const channel = channelOf(topUp.source);
    const returns = { account, channel, amount, countedAt: booked.at };
    return { ...told, kind: 'TOP_UP_REVERSAL', legs, returns };
  }
  const ours = 'write-off:top-up';
  const [from, to] = isInWallet
    ? [ours, taker.account]
    : [place.account, resolution === 'RETURN' ? taker.account : ours];
  const legs = [debit(from, amount), credit(to, amount)];
  return { ...told, ref: { topUpId }, kind: 'SUSPENSE', legs };
}

/**
 * Takes a top-up out of a wallet again: out of the lots that it made, and out of others only what of those was spent.
 * Spent in the usual order instead, it would take points and leave cash that nobody paid in.
 */
function takenOut({ account, amount, lots = {} }: Leg, wallet: Account | null, at: Date): Leg {
  const today = businessDate(at);
  const taken = takeUpTo(wallet?.lots ?? {}, amount, { first: lots, today });
  // A wallet that holds less refuses it, whichever lots are named.
  return { ...debit(account, amount), ...(sumOf(taken) === amount ? { lots: taken } : {}) };
}
