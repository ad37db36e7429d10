import assert from 'node:assert/strict';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate } from '@7pay/time';
import type { Account, AccountRefusal } from './account/account.ts';
import { apply, type Change } from './account/apply.ts';
import { hashOf } from './entry/canonical.ts';
import {
  assertBalanced,
  type EntryPlan,
  type JournalEntry,
  type Leg,
} from './entry/journal-entry.ts';

/** An entry that was decided, and how each refusing account stands before and after it. */
export interface Decided {
  readonly entry: JournalEntry;
  readonly moved: readonly { readonly before: Account; readonly after: Account }[];
}

/**
 * The accounts that a plan names, in the order of its legs. `pending` is the entry that it resolves: whoever ends
 * a hold names the accounts that hold it, whether or not something is captured.
 */
export const accountsOf = (plan: EntryPlan, pending: JournalEntry | null): readonly string[] => [
  ...new Set([
    ...plan.legs.map(({ account }) => account),
    ...(pending?.stands.map(({ account }) => account) ?? []),
    ...(plan.sets ? [plan.sets.account] : []),
  ]),
];

/** Decides a plan over the refusing accounts it names; the first refusal is the answer. */
export function decide(
  plan: EntryPlan,
  accounts: readonly Account[],
  pending: JournalEntry | null,
): Decided | Refused<AccountRefusal> {
  assertBalanced(plan.legs, plan.kind);
  // A clock that runs behind another does not turn an account's time back.
  const at = accounts.reduce((latest, account) => later(latest, account.at), plan.at);
  if (plan.resolves !== undefined) {
    assert(pending?.holdsUntil, 'only a pending entry is resolved');
    assert.equal(pending.wallet, plan.wallet, 'a hold ends under its own wallet');
    if (plan.legs.length > 0 && pending.holdsUntil <= at) return refuse('HOLD_NOT_OPEN');
  }
  let legs: readonly Leg[] = plan.legs;
  const moved: { before: Account; after: Account }[] = [];
  for (const before of accounts) {
    // What is unique in the journal is unique within a wallet, and a wallet's documents lie on one shard.
    if (before.kind !== 'BUDGET_SLICE')
      assert.equal(before.wallet, plan.wallet, 'an account is moved under its own wallet');
    const mine = legs.filter(({ account }) => account === before.id);
    const applied = apply(before, changeOf(plan, before, { at, legs: mine }));
    if (isRefused(applied)) return applied;
    legs = legs.map((leg) => (mine.includes(leg) ? applied.legs[mine.indexOf(leg)]! : leg));
    moved.push({ before, after: applied.account });
  }
  const written = {
    id: plan.id,
    kind: plan.kind,
    wallet: plan.wallet,
    at,
    businessDate: businessDate(at),
    legs,
    ...(plan.holdsUntil ? { holdsUntil: plan.holdsUntil } : {}),
    ...(plan.resolves === undefined ? {} : { resolves: plan.resolves }),
    ...(plan.reverses ? { reverses: plan.reverses } : {}),
    ...(plan.sets ? { sets: plan.sets } : {}),
    generation: plan.generation,
    ref: plan.ref,
    stands: moved.map(({ before, after }) => ({
      account: after.id,
      seq: after.seq,
      posted: after.posted,
      held: after.held,
      prev: before.head,
    })),
  };
  const hash = hashOf(written);
  return {
    entry: { ...written, hash },
    moved: moved.map(({ before, after }) => ({ before, after: { ...after, head: hash } })),
  };
}

const later = (a: Date, b: Date | null): Date => (b && b > a ? b : a);

function changeOf(
  { id, givesBack, holdsUntil, resolves, sets, passes, returns }: EntryPlan,
  { id: account }: Account,
  { at, legs }: Pick<Change, 'at' | 'legs'>,
): Change {
  return {
    at,
    legs,
    ...(givesBack ? { givesBack } : {}),
    ...(holdsUntil && legs.length > 0 ? { pending: { id, expiresAt: holdsUntil } } : {}),
    ...(resolves === undefined ? {} : { resolves }),
    ...(sets?.account === account ? { sets: withoutAccount(sets) } : {}),
    ...(passes?.account === account ? { passes } : {}),
    ...(returns?.account === account ? { returns } : {}),
  };
}

function withoutAccount(sets: NonNullable<EntryPlan['sets']>): NonNullable<Change['sets']> {
  const { account: _, ...rest } = sets;
  return rest;
}
