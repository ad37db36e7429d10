import assert from 'node:assert/strict';
import { parseWhole, type WholeFault } from './whole.ts';

/** An amount of yen: a whole safe integer, never a fraction. Never added to points. */
export type Yen = number & { readonly brand: 'Yen' };

/**
 * Makes an amount of yen from a number of our own.
 * @throws AssertionError when it is not a whole, safe, non-negative number: that is a bug of ours.
 */
export function yen(amount: number): Yen {
  assert(Number.isSafeInteger(amount) && amount >= 0, `not an amount of yen: ${amount}`);
  return amount as Yen;
}

/** Reads yen from outside; see {@link parseWhole} for what is refused. */
export function parseYen(value: unknown): Yen | WholeFault {
  const whole = parseWhole(value);
  return typeof whole === 'number' ? yen(whole) : whole;
}

/** Adds amounts of yen; the sum of none is 0. */
export function addYen(...amounts: readonly Yen[]): Yen {
  return yen(amounts.reduce((sum, amount) => sum + amount, 0));
}
