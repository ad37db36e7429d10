import { CommandError, code } from './errors.ts';
import { decimalFromDouble, decimalFromInteger, decimalToString, parts, pow10 } from './decimal.ts';
import { decimalAdd, decimalIsZero, decimalMultiply, decimalNegate } from './decimal-math.ts';
import { Decimal128, Double, type Value } from './types.ts';

/** The four numeric representations. */
export type Numeric = number | bigint | Double | Decimal128;

export const INT32_MAX = 2147483647;
export const INT32_MIN = -2147483648;
export const INT64_MAX = 9223372036854775807n;
export const INT64_MIN = -9223372036854775808n;

const fitsInt32 = (n: number): boolean => n <= INT32_MAX && n >= INT32_MIN;
const fitsInt64 = (n: bigint): boolean => n <= INT64_MAX && n >= INT64_MIN;

/** The nearest double; exact for int32, rounded for int64 and decimal. */
export function toDouble(v: Numeric): number {
  if (typeof v === 'number') return v;
  if (typeof v === 'bigint') return Number(v);
  return v instanceof Double ? v.value : Number(decimalToString(v));
}

/** Widens any number to a decimal. */
export function toDecimal(v: Numeric): Decimal128 {
  if (v instanceof Decimal128) return v;
  return v instanceof Double ? decimalFromDouble(v.value) : decimalFromInteger(v);
}

/** A whole number of any type as a bigint, or null when it has a fraction or is not finite. */
export function toWhole(v: Value | undefined): bigint | null {
  if (typeof v === 'number') return BigInt(v);
  if (typeof v === 'bigint') return v;
  if (v instanceof Double) return Number.isInteger(v.value) ? BigInt(v.value) : null;
  if (!(v instanceof Decimal128)) return null;
  const p = parts(v);
  if (p.kind !== 'finite') return null;
  const value = p.negative ? -p.coefficient : p.coefficient;
  if (p.exponent >= 0) return p.exponent > 40 ? null : value * pow10(p.exponent);
  if (p.exponent < -40) return value === 0n ? 0n : null;
  const by = pow10(-p.exponent);
  return value % by === 0n ? value / by : null;
}

/** True for a zero of any type and sign. */
export const isZero = (v: Numeric): boolean =>
  v instanceof Decimal128 ? decimalIsZero(v) : toDouble(v) === 0;

/** A number cut towards zero, or null when it is not finite. */
export function truncated(v: Numeric): bigint | null {
  const whole = toWhole(v);
  if (whole !== null) return whole;
  if (v instanceof Double) return Number.isFinite(v.value) ? BigInt(Math.trunc(v.value)) : null;
  const p = parts(toDecimal(v));
  if (p.kind !== 'finite') return null;
  // Without a whole value the exponent is negative, and below -40 nothing is left before the point.
  if (p.exponent < -40) return 0n;
  const cut = p.coefficient / pow10(Math.max(0, -p.exponent));
  return p.negative ? -cut : cut;
}

/** A whole number as int32 when both operands were and it fits, else as int64, else as double. */
export function wholeOrDouble(value: bigint, long: boolean): Numeric {
  if (!long && value <= 2147483647n && value >= -2147483648n) return Number(value);
  return fitsInt64(value) ? value : new Double(Number(value));
}

/** What happens when an int64 overflows: `$inc` and `$mul` refuse, expressions go to double. */
export type Overflow = 'refuse' | 'double';

function whole(result: bigint, long: boolean, overflow: Overflow): Numeric {
  if (overflow === 'double' || fitsInt64(result)) return wholeOrDouble(result, long);
  throw new CommandError(
    code.BadValue,
    'Failed to apply the operation: the result overflows a 64-bit integer',
  );
}

/** The sum by MongoDB's result types: int32 → int64 → double, any decimal makes it decimal. */
export function add(a: Numeric, b: Numeric, overflow: Overflow = 'double'): Numeric {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    return fitsInt32(sum) ? sum : BigInt(sum);
  }
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return decimalAdd(toDecimal(a), toDecimal(b));
  if (a instanceof Double || b instanceof Double) return new Double(toDouble(a) + toDouble(b));
  return whole(BigInt(a) + BigInt(b), true, overflow);
}

/** The difference, typed as `add`. */
export function subtract(a: Numeric, b: Numeric): Numeric {
  if (b instanceof Decimal128 || a instanceof Decimal128) {
    return decimalAdd(toDecimal(a), decimalNegate(toDecimal(b)));
  }
  if (a instanceof Double || b instanceof Double) return new Double(toDouble(a) - toDouble(b));
  return whole(BigInt(a) - BigInt(b), typeof a === 'bigint' || typeof b === 'bigint', 'double');
}

/** The product, typed as `add`. */
export function multiply(a: Numeric, b: Numeric, overflow: Overflow = 'double'): Numeric {
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return decimalMultiply(toDecimal(a), toDecimal(b));
  if (a instanceof Double || b instanceof Double) return new Double(toDouble(a) * toDouble(b));
  return whole(BigInt(a) * BigInt(b), typeof a === 'bigint' || typeof b === 'bigint', overflow);
}

/** A whole number as int32 when it fits and as int64 otherwise, as MongoDB sizes counts. */
export const sized = (n: number): number | bigint => (fitsInt32(n) ? n : BigInt(n));
