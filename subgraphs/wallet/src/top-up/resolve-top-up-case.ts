import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { type MemberViewer, notFound } from '@7pay/graphql';
import {
  type Account,
  credit,
  debit,
  type FirstPlan,
  type Leg,
  sumOf,
  takeUpTo,
  walletAccount,
} from '@7pay/ledger';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import type { WalletUnitOfWork, WalletWork } from '../unit-of-work.ts';
import {
  proposeWriteOff,
  type ResolveCaseRefusal,
  resolveCase,
  type TopUpCase,
  type TopUpResolution,
} from './top-up-case.ts';
import { channelOf, originOf, type TopUp } from './top-up.ts';
import { type LyingMoney, whereItLies } from './where-it-lies.ts';

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

/** Moves what the case is about from where it lies, which another case about the same top-up may have changed. */
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
  const lying = await whereItLies(work, about);
  const wallet = topUp && (await ledger.account(session, walletAccount(topUp.walletId)));
  const wasTaken = about.reason !== 'NOT_TAKEN_AFTER_SETTLED';
  const plan = planOf(lying, { topUp, wallet, wasTaken, resolution, at, generation });
  if (!plan) return null;
  const entry = await ledger.post(session, plan);
  if (isRefused(entry)) return entry as Refused<MoveRefusal>;
  if (topUp && resolution === 'TO_WALLET') await topUps.moveOn(topUp, 'SETTLED', at);
  if (topUp && resolution === 'RETURN') await topUps.moveOn(topUp, 'VOIDED', at);
  return null;
}

/** The entry of a resolution; null when the money lies where it is to be. */
function planOf(
  { booked, taker, place, since, nextId: id }: LyingMoney,
  it: {
    readonly topUp: TopUp | null;
    readonly wallet: Account | null;
    /** Whether the case says that the party took the money. */
    readonly wasTaken: boolean;
    readonly resolution: TopUpResolution;
    readonly at: Date;
    readonly generation: number;
  },
): FirstPlan | null {
  const { topUp, wallet, wasTaken, resolution, at, generation } = it;
  const { account, amount } = place;
  const ours = 'write-off:top-up';
  const into = topUp && walletAccount(topUp.walletId);
  const isInWallet = account === into;
  const topUpId = booked.ref['topUpId'] ?? '';
  const member = topUp ? { walletId: topUp.walletId, memberId: topUp.memberId } : {};
  const told = { id, wallet: booked.wallet, at, generation, ref: { topUpId, ...member } };
  if (resolution === 'TO_WALLET') {
    assert(topUp && into, 'a case without a top-up is resolved in another way');
    if (isInWallet) return null;
    const channel = channelOf(topUp.source);
    return {
      ...told,
      kind: 'TOP_UP',
      legs: [debit(account, amount), credit(into, amount, { origin: originOf(topUp.source) })],
      // Counted like any other of its source; what people decided is kept out by no limit.
      passes: { account: into, channel, amount, limits: {} },
    };
  }
  // What the party did not take is owed by it no more: by the member’s money, or by ours.
  if (isInWallet && resolution === 'RETURN' && topUp) {
    const legs = [takenOut(place, wallet, at), credit(taker.account, amount)];
    const channel = channelOf(topUp.source);
    const returns = { account, channel, amount, countedAt: since.at };
    return { ...told, kind: 'TOP_UP_REVERSAL', legs, returns };
  }
  const from = isInWallet ? ours : account;
  // Money that was taken is written off to us where it lies in suspense, and nowhere else; what was not taken is owed no more.
  if (resolution === 'WRITE_OFF' && wasTaken && isInWallet) return null;
  const to = resolution === 'WRITE_OFF' && wasTaken ? ours : taker.account;
  if (account === taker.account || from === to) return null;
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
