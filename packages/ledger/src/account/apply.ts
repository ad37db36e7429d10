import assert from 'node:assert/strict';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { businessDate } from '@7pay/time';
import type { Leg } from '../entry/journal-entry.ts';
import {
  type Account,
  type AccountLimits,
  type AccountRefusal,
  type AccountStatus,
  HOLDS_AT_ONCE,
  openHolds,
} from './account.ts';
import { expiredOf, KEPT_IN_LOTS, lacking, minus, plus, sumOf, take } from './lots.ts';
import { giveBack, pass, type Passing, tightened } from './window.ts';

/** What an entry wants of one account. Legs of other accounts are not its business. */
export interface Change {
  readonly at: Date;
  readonly legs: readonly Leg[];
  /** Gives back what an earlier entry took: then neither a cap nor a window keeps it out. */
  readonly givesBack?: boolean;
  /** The legs reserve and do not move: value is held under this id until the instant. */
  readonly pending?: { readonly id: string; readonly expiresAt: Date };
  /** The hold that the entry ends. Its legs, if there are any, are what is captured. */
  readonly resolves?: string;
  readonly sets?: {
    readonly status?: AccountStatus;
    readonly cap?: number | null;
    /** By channel; a channel that is not named keeps its limits. */
    readonly limits?: AccountLimits;
  };
  readonly passes?: Passing;
  /** What an earlier entry counted in a window, and this one takes back. */
  readonly returns?: {
    readonly channel: string;
    readonly amount: number;
    readonly countedAt: Date;
  };
}

/** An account after the change, and the legs with the lots they took. */
export interface Applied {
  readonly account: Account;
  readonly legs: readonly Leg[];
}

/** What may be spent at this instant: neither held nor expired. */
export function available(account: Account, at: Date): number {
  const held = openHolds(account, at).reduce((sum, { amount }) => sum + amount, 0);
  return account.posted - held - sumOf(expiredOf(account.lots, businessDate(at)));
}

/**
 * Decides whether an account takes its part of an entry. Holds whose time is over count no more, whether or not
 * somebody has swept them. What is closed stays as it is for good; a hold may still be let go there.
 */
export function apply(given: Account, change: Change): Applied | Refused<AccountRefusal> {
  if (given.status === 'CLOSED' && change.sets) return refuse('WALLET_FROZEN');
  const resolved = resolve(given, change);
  if (isRefused(resolved)) return resolved;
  const moved = change.pending
    ? reserve(resolved, change.legs, { ...change.pending, at: change.at })
    : move(resolved, change);
  if (isRefused(moved)) return moved;
  const passes = change.passes ? tightened(change.passes, given.limits) : null;
  const windows = passes ? pass(moved.account.windows, passes, change.at) : null;
  if (isRefused(windows)) return windows;
  const counted = windows ?? moved.account.windows;
  return {
    legs: moved.legs,
    account: {
      ...moved.account,
      ...change.sets,
      limits: { ...given.limits, ...change.sets?.limits },
      windows: change.returns ? giveBack(counted, change.returns, change.at) : counted,
      held: moved.account.holds.reduce((sum, { amount }) => sum + amount, 0),
      seq: given.seq + 1,
      at: change.at,
    },
  };
}

function resolve(
  account: Account,
  { resolves, legs, at }: Change,
): Account | Refused<AccountRefusal> {
  const holds = openHolds(account, at);
  if (resolves === undefined) return { ...account, holds };
  const debits = legs.filter(({ side }) => side === 'debit');
  const captured = debits.reduce((sum, { amount }) => sum + amount, 0);
  const hold = holds.find(({ id }) => id === resolves);
  // What only lets go needs no open hold: a hold that expired meanwhile has let go already.
  if (!hold) return captured > 0 ? refuse('HOLD_NOT_OPEN') : { ...account, holds };
  if (captured > hold.amount) return refuse('CAPTURE_ABOVE_HOLD', { held: hold.amount });
  return { ...account, holds: holds.filter((other) => other !== hold) };
}

function reserve(
  account: Account,
  legs: readonly Leg[],
  { id, expiresAt, at }: { id: string; expiresAt: Date; at: Date },
): Applied | Refused<AccountRefusal> {
  const debits = legs.filter(({ side }) => side === 'debit');
  assert(debits.length === legs.length, 'only what leaves an account is held in it');
  assert(expiresAt > at, 'a hold ends after it began');
  const amount = debits.reduce((sum, leg) => sum + leg.amount, 0);
  if (account.status !== 'OPEN') return refuse('WALLET_FROZEN');
  const short = amount - available(account, at);
  if (short > 0) return refuse('INSUFFICIENT_BALANCE', { short });
  if (account.holds.length >= HOLDS_AT_ONCE) {
    return refuse('TOO_MANY_HOLDS', { limit: HOLDS_AT_ONCE });
  }
  return { account: { ...account, holds: [...account.holds, { id, amount, expiresAt }] }, legs };
}

function move(
  account: Account,
  { legs, at, givesBack = false }: Change,
): Applied | Refused<AccountRefusal> {
  let after = account;
  const taken: Leg[] = [];
  for (const leg of legs) {
    assert.equal(leg.currency, account.currency, 'a leg is in the currency of its account');
    const closed = account.status === 'CLOSED';
    if (closed || (leg.side === 'debit' && account.status !== 'OPEN')) {
      return refuse('WALLET_FROZEN');
    }
    if (leg.side === 'credit') {
      const posted = after.posted + leg.amount;
      if (account.cap !== null && posted > account.cap && !givesBack) {
        return refuse('BALANCE_CAP_EXCEEDED', { limit: account.cap });
      }
      after = { ...after, posted, lots: plus(after.lots, lotsOf(after, leg)) };
      taken.push(leg);
    } else {
      const spent = spend(after, leg, at);
      if (isRefused(spent)) return spent;
      after = spent.account;
      taken.push(spent.leg);
    }
  }
  return { account: after, legs: taken };
}

function spend(
  account: Account,
  leg: Leg,
  at: Date,
): { account: Account; leg: Leg } | Refused<'INSUFFICIENT_BALANCE'> {
  const today = businessDate(at);
  // A leg that names its lots takes just those, expired ones too; any other is spent in order.
  const short = leg.lots
    ? Math.max(
        sumOf(lacking(account.lots, leg.lots)),
        leg.amount - (available(account, at) + sumOf(expiredOf(account.lots, today))),
      )
    : leg.amount - available(account, at);
  if (short > 0) return refuse('INSUFFICIENT_BALANCE', { short });
  const posted = account.posted - leg.amount;
  if (!KEPT_IN_LOTS.has(account.kind)) return { account: { ...account, posted }, leg };
  const lots = leg.lots ?? take(account.lots, leg.amount, today);
  return {
    account: { ...account, posted, lots: minus(account.lots, lots) },
    leg: { ...leg, lots },
  };
}

function lotsOf({ kind }: Account, { lots }: Leg) {
  if (!KEPT_IN_LOTS.has(kind)) return {};
  assert(lots, 'a credit to an account that is kept in lots says which');
  return lots;
}
