import {
  DECIMAL_NAN,
  decimalInfinity,
  decimalFromInteger,
  fromParts,
  parts,
  pow10,
  type Finite,
} from './decimal.ts';
import type { Decimal128 } from './types.ts';

const signed = (p: Finite): bigint => (p.negative ? -p.coefficient : p.coefficient);

function finiteOf(value: bigint, exponent: number): Decimal128 {
  return fromParts({
    kind: 'finite',
    coefficient: value < 0n ? -value : value,
    exponent,
    negative: value < 0n,
  });
}

/** True for a zero of either sign and any exponent. */
export function decimalIsZero(d: Decimal128): boolean {
  const p = parts(d);
  return p.kind === 'finite' && p.coefficient === 0n;
}

/** True for a value with a minus sign, negative zero included. */
export function decimalIsNegative(d: Decimal128): boolean {
  const p = parts(d);
  return p.kind !== 'nan' && p.negative;
}

/** The sum of two decimals. */
export function decimalAdd(a: Decimal128, b: Decimal128): Decimal128 {
  const x = parts(a);
  const y = parts(b);
  if (x.kind === 'nan' || y.kind === 'nan') return DECIMAL_NAN;
  if (x.kind === 'infinity')
    return y.kind === 'infinity' && y.negative !== x.negative ? DECIMAL_NAN : a;
  if (y.kind === 'infinity') return b;
  const exponent = Math.min(x.exponent, y.exponent);
  const sum = signed(x) * pow10(x.exponent - exponent) + signed(y) * pow10(y.exponent - exponent);
  return fromParts({
    kind: 'finite',
    coefficient: sum < 0n ? -sum : sum,
    exponent,
    negative: sum < 0n || (sum === 0n && x.negative && y.negative),
  });
}

/** A decimal with its sign turned. */
export function decimalNegate(d: Decimal128): Decimal128 {
  const p = parts(d);
  return p.kind === 'nan' ? d : fromParts({ ...p, negative: !p.negative });
}

/** The product of two decimals. */
export function decimalMultiply(a: Decimal128, b: Decimal128): Decimal128 {
  const x = parts(a);
  const y = parts(b);
  if (x.kind === 'nan' || y.kind === 'nan') return DECIMAL_NAN;
  const negative = x.negative !== y.negative;
  if (x.kind === 'infinity' || y.kind === 'infinity')
    return decimalIsZero(a) || decimalIsZero(b) ? DECIMAL_NAN : decimalInfinity(negative);
  return fromParts({
    kind: 'finite',
    coefficient: x.coefficient * y.coefficient,
    exponent: x.exponent + y.exponent,
    negative,
  });
}

/** The quotient of two decimals to 34 digits; a zero divisor gives NaN (callers refuse it first). */
export function decimalDivide(a: Decimal128, b: Decimal128): Decimal128 {
  const x = parts(a);
  const y = parts(b);
  if (x.kind === 'nan' || y.kind === 'nan' || decimalIsZero(b)) return DECIMAL_NAN;
  if (x.kind === 'infinity')
    return y.kind === 'infinity' ? DECIMAL_NAN : decimalInfinity(x.negative !== y.negative);
  if (y.kind === 'infinity') return decimalFromInteger(0);
  // Enough digits for 34 significant ones and a guard, whatever the two lengths are.
  const shift = Math.max(0, 36 + y.coefficient.toString().length - x.coefficient.toString().length);
  const numerator = x.coefficient * pow10(shift);
  const ideal = x.exponent - y.exponent;
  let coefficient = numerator / y.coefficient;
  let exponent = ideal - shift;
  if (numerator % y.coefficient !== 0n) {
    coefficient = coefficient * 10n + 1n; // a sticky digit: what looks like a tie is none
    exponent -= 1;
  } else {
    while (exponent < ideal && coefficient !== 0n && coefficient % 10n === 0n) {
      coefficient /= 10n;
      exponent += 1;
    }
    if (coefficient === 0n) exponent = ideal;
  }
  return fromParts({ kind: 'finite', coefficient, exponent, negative: x.negative !== y.negative });
}

/** What is left of a division cut to a whole number; it has the sign of the dividend. */
export function decimalRemainder(a: Decimal128, b: Decimal128): Decimal128 {
  const x = parts(a);
  const y = parts(b);
  if (x.kind !== 'finite' || y.kind === 'nan' || decimalIsZero(b)) return DECIMAL_NAN;
  if (y.kind === 'infinity') return a;
  const exponent = Math.min(x.exponent, y.exponent);
  return finiteOf(
    (signed(x) * pow10(x.exponent - exponent)) % (signed(y) * pow10(y.exponent - exponent)),
    exponent,
  );
}

/** The square root to 34 digits; NaN below zero. */
export function decimalSqrt(d: Decimal128): Decimal128 {
  const p = parts(d);
  if (p.kind === 'nan' || decimalIsZero(d)) return d;
  if (p.negative) return DECIMAL_NAN;
  if (p.kind === 'infinity') return d;
  const odd = Math.abs(p.exponent % 2);
  const value = p.coefficient * pow10(odd + 72);
  const root = squareRoot(value);
  const exponent = (p.exponent - odd - 72) / 2;
  if (root * root !== value)
    return fromParts({
      kind: 'finite',
      coefficient: root * 10n + 1n,
      exponent: exponent - 1,
      negative: false,
    });
  let [coefficient, at] = [root, exponent];
  const ideal = Math.floor(p.exponent / 2);
  while (at < ideal && coefficient % 10n === 0n) {
    coefficient /= 10n;
    at += 1;
  }
  return fromParts({ kind: 'finite', coefficient, exponent: at, negative: false });
}

/** The largest whole number whose square is not above `n`. */
function squareRoot(n: bigint): bigint {
  let x = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
