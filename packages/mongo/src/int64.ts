import assert from 'node:assert/strict';

/** A whole number as the database keeps it: int64, never a double. Money is always written through this. */
export const int64 = (whole: number): bigint => BigInt(whole);

/**
 * A whole number as the database gave it: the driver promotes small int64 to numbers and leaves large ones as Long.
 * @throws AssertionError when the stored value is not a safe whole number, which means the data is damaged.
 */
export function fromInt64(stored: unknown): number {
  const number = typeof stored === 'number' ? stored : Number(stored);
  assert(Number.isSafeInteger(number), 'a stored amount is not a safe whole number');
  return number;
}
