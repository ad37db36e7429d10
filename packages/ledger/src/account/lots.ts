import assert from 'node:assert/strict';
import { type BusinessDate, isBusinessDate } from '@7pay/time';
import type { AccountKind } from './account.ts';

/** Where value came from. A payment refund, a balance refund and a compensation give each yen back there. */
export type Origin = 'cash' | 'credit' | 'debit' | 'points' | 'compensation';

/** What a lot is told apart by: yen by their origin, points by the last business date on which they can be spent. */
export type LotKey = Origin | BusinessDate;

/** How much of each lot an account holds, or a leg moves. Absent means none. */
export type Lots = Readonly<Partial<Record<LotKey, number>>>;

/** The kinds of account that know of each yen or point where it came from. */
export const KEPT_IN_LOTS: ReadonlySet<AccountKind> = new Set(['USER_WALLET', 'USER_POINTS']);

// What is spent first. Cash last: it is the value that can be paid back to its owner in every way.
const SPEND_ORDER: readonly LotKey[] = ['points', 'compensation', 'credit', 'debit', 'cash'];

const entriesOf = (lots: Lots): [LotKey, number][] => Object.entries(lots) as [LotKey, number][];

// Points run out in the order of their last dates; ISO dates sort as texts.
const placeOf = (key: LotKey): string =>
  isBusinessDate(key) ? key : String(SPEND_ORDER.indexOf(key));

const hasRunOut = (key: LotKey, today: BusinessDate): boolean => isBusinessDate(key) && key < today;

/** All lots together. */
export const sumOf = (lots: Lots): number =>
  entriesOf(lots).reduce((total, [, amount]) => total + amount, 0);

/** What of the lots can no longer be spent on this day. */
export const expiredOf = (lots: Lots, today: BusinessDate): Lots =>
  Object.fromEntries(entriesOf(lots).filter(([key]) => hasRunOut(key, today)));

/**
 * Takes an amount out of the lots in the order in which they are spent: by origin, or what expires first.
 * @throws AssertionError if the lots hold less
 */
export function take(lots: Lots, amount: number, today: BusinessDate): Lots {
  let left = amount;
  const taken: Partial<Record<LotKey, number>> = {};
  const keys = entriesOf(lots)
    .map(([key]) => key)
    .filter((key) => !hasRunOut(key, today))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  for (const key of keys) {
    const part = Math.min(lots[key] ?? 0, left);
    if (part > 0) taken[key] = part;
    left -= part;
  }
  assert.equal(left, 0, 'the lots of an account add up to its balance');
  return taken;
}

/**
 * Takes as much of an amount as the lots hold: first out of those that are named, their last date over or not, then out
 * of the others in the order in which they are spent.
 */
export function takeUpTo(
  lots: Lots,
  amount: number,
  { first, today }: { first: Lots; today: BusinessDate },
): Lots {
  const named: Partial<Record<LotKey, number>> = {};
  let left = amount;
  for (const [key, asked] of entriesOf(first)) {
    const part = Math.min(asked, lots[key] ?? 0, left);
    if (part > 0) named[key] = part;
    left -= part;
  }
  const others = minus(lots, named);
  const there = sumOf(others) - sumOf(expiredOf(others, today));
  return plus(named, take(others, Math.min(left, there), today));
}

/** Both together. */
export function plus(lots: Lots, more: Lots): Lots {
  const sum: Partial<Record<LotKey, number>> = { ...lots };
  for (const [key, amount] of entriesOf(more)) sum[key] = (sum[key] ?? 0) + amount;
  return sum;
}

/**
 * What is left of them.
 * @throws AssertionError if a lot would go below zero
 */
export function minus(lots: Lots, less: Lots): Lots {
  const rest: Partial<Record<LotKey, number>> = { ...lots };
  for (const [key, amount] of entriesOf(less)) {
    const left = (rest[key] ?? 0) - amount;
    assert(left >= 0, 'no lot goes below zero');
    if (left === 0) delete rest[key];
    else rest[key] = left;
  }
  return rest;
}

/** What of the asked lots is not there. */
export const lacking = (lots: Lots, asked: Lots): Lots =>
  Object.fromEntries(
    entriesOf(asked)
      .map(([key, amount]) => [key, amount - (lots[key] ?? 0)] as const)
      .filter(([, short]) => short > 0),
  );
