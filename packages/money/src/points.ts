import assert from 'node:assert/strict';
import { parseWhole, type WholeFault } from './whole.ts';

/** A number of nanaco points: whole, safe, never negative. Never added to yen. */
export type Points = number & { readonly brand: 'Points' };

/**
 * Makes a number of points from a number of our own.
 * @throws AssertionError when it is not a whole, safe, non-negative number.
 */
export function points(amount: number): Points {
  assert(Number.isSafeInteger(amount) && amount >= 0, `not a number of points: ${amount}`);
  return amount as Points;
}

/** Reads points from outside; see {@link parseWhole} for what is refused. */
export function parsePoints(value: unknown): Points | WholeFault {
  const whole = parseWhole(value);
  return typeof whole === 'number' ? points(whole) : whole;
}
