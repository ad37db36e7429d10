import { parts, pow10 } from './decimal.ts';
import { toDouble, type Numeric } from './number.ts';
import {
  type Binary,
  BsonSymbol,
  Code,
  DbPointer,
  Decimal128,
  Double,
  type ObjectId,
  Regex,
  T,
  Timestamp,
  type UtcDate,
  typeOf,
  type Doc,
  type Value,
} from './types.ts';

/** MongoDB's order of types; types that share a number compare by value. */
const RANK = new Map<number, number>([
  [T.minKey, 1],
  [T.undefined, 2],
  [T.null, 3],
  [T.double, 4],
  [T.int, 4],
  [T.long, 4],
  [T.decimal, 4],
  [T.string, 5],
  [T.symbol, 5],
  [T.object, 6],
  [T.array, 7],
  [T.binary, 8],
  [T.objectId, 9],
  [T.bool, 10],
  [T.date, 11],
  [T.timestamp, 12],
  [T.regex, 13],
  [T.dbPointer, 14],
  [T.code, 15],
  [T.codeWithScope, 16],
  [T.maxKey, 17],
]);

/** The place of a value's type in the order of types. */
export const rank = (v: Value): number => RANK.get(typeOf(v)) ?? 0;

/** Below, at or above zero as `a` sorts before, with or after `b`; a total order over all values. */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const ra = rank(a);
  const rb = rank(b);
  return ra === rb ? sameRank(ra, a, b) : ra - rb;
}

/** True when two values are one and the same to MongoDB (1, 1n, 1.0 and 1.00 are). */
export const equal = (a: Value, b: Value): boolean => compare(a, b) === 0;

function sameRank(r: number, a: Value, b: Value): number {
  switch (r) {
    case 4:
      return compareNumbers(a as Numeric, b as Numeric);
    case 5:
      return compareText(textOf(a), textOf(b));
    case 6:
      return compareDocs(a as Doc, b as Doc);
    case 7:
      return compareArrays(a as Value[], b as Value[]);
    case 8:
      return compareBinary(a as Binary, b as Binary);
    case 9:
      return Buffer.compare((a as ObjectId).bytes, (b as ObjectId).bytes);
    case 10:
      return Number(a) - Number(b);
    case 11:
      return (a as UtcDate).ms - (b as UtcDate).ms;
    default:
      return compareRare(a, b);
  }
}

function compareRare(a: Value, b: Value): number {
  if (a instanceof Timestamp && b instanceof Timestamp) {
    return a.seconds - b.seconds || a.ordinal - b.ordinal;
  }
  if (a instanceof Regex && b instanceof Regex) {
    return compareText(a.pattern, b.pattern) || compareText(a.options, b.options);
  }
  if (a instanceof Code && b instanceof Code) {
    return compareText(a.code, b.code) || compareDocs(a.scope ?? new Map(), b.scope ?? new Map());
  }
  if (a instanceof DbPointer && b instanceof DbPointer) {
    return compareText(a.ns, b.ns) || Buffer.compare(a.id, b.id);
  }
  return 0;
}

const textOf = (v: Value): string => (v instanceof BsonSymbol ? v.value : (v as string));

/** Orders text by its UTF-8 bytes; UTF-16 order differs where a surrogate meets U+E000 to U+FFFF. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? fix(x) - fix(y) : x - y;
  }
  return a.length - b.length;
}

const fix = (unit: number): number => (unit >= 0xe000 ? unit - 0x2000 : unit + 0x800);

function compareBinary(a: Binary, b: Binary): number {
  return (
    a.bytes.length - b.bytes.length || a.subtype - b.subtype || Buffer.compare(a.bytes, b.bytes)
  );
}

function compareArrays(a: Value[], b: Value[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const c = compare(a[i] as Value, b[i] as Value);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

function compareDocs(a: Doc, b: Doc): number {
  const other = b.entries();
  for (const [name, value] of a) {
    const next = other.next();
    if (next.done) return 1;
    const [otherName, otherValue] = next.value;
    const c =
      rank(value) - rank(otherValue) || compareText(name, otherName) || compare(value, otherValue);
    if (c !== 0) return c;
  }
  return a.size - b.size;
}

/** Compares numbers of any types by their exact values; NaN is below all others. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  const x = toDouble(a);
  const y = toDouble(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
  if (x !== y) return x < y ? -1 : 1;
  if (isExact(a) && isExact(b)) return 0;
  return compareExact(a, b, x);
}

const isExact = (v: Numeric): boolean => typeof v === 'number' || v instanceof Double;

// Both round to the same double: compare the values themselves, as fractions of big integers.
function compareExact(a: Numeric, b: Numeric, rounded: number): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : Number(a > b);
  if (!Number.isFinite(rounded)) return infinityRank(a) - infinityRank(b) || beyond(a, b);
  return compareFractions(fraction(a), fraction(b));
}

const infinityRank = (v: Numeric): number => (isInfinite(v) ? 1 : 0) * (toDouble(v) < 0 ? -1 : 1);

function isInfinite(v: Numeric): boolean {
  if (v instanceof Decimal128) return parts(v).kind === 'infinity';
  return v instanceof Double && !Number.isFinite(v.value);
}

const beyond = (a: Numeric, b: Numeric): number =>
  isInfinite(a) || isInfinite(b) ? 0 : compareFractions(fraction(a), fraction(b));

/** An exact rational: numerator over a positive denominator. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The exact value of a finite number. */
export function fraction(v: Numeric): Fraction {
  if (typeof v === 'number' || typeof v === 'bigint')
    return { numerator: BigInt(v), denominator: 1n };
  if (v instanceof Double) return doubleFraction(v.value);
  const p = parts(v);
  if (p.kind !== 'finite') return { numerator: 0n, denominator: 1n };
  const value = p.negative ? -p.coefficient : p.coefficient;
  return p.exponent >= 0
    ? { numerator: value * pow10(p.exponent), denominator: 1n }
    : { numerator: value, denominator: pow10(-p.exponent) };
}

function doubleFraction(value: number): Fraction {
  let mantissa = value;
  let shift = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2; // exact: only the exponent changes
    shift += 1;
  }
  return { numerator: BigInt(mantissa), denominator: 1n << BigInt(shift) };
}

/** Compares two fractions exactly. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const left = a.numerator * b.denominator;
  const right = b.numerator * a.denominator;
  return left < right ? -1 : Number(left > right);
}
