import { Decimal128 } from './types.ts';

/** A decimal taken apart: `coefficient × 10^exponent`, or one of the specials. */
export type Parts =
  | {
      readonly kind: 'finite';
      readonly coefficient: bigint;
      readonly exponent: number;
      readonly negative: boolean;
    }
  | { readonly kind: 'infinity'; readonly negative: boolean }
  | { readonly kind: 'nan' };

/** A decimal that is a number. */
export type Finite = Extract<Parts, { kind: 'finite' }>;

const BIAS = 6176;
const MAX_EXPONENT = 6111;
const MAX_DIGITS = 34;
const LOW_64 = (1n << 64n) - 1n;
const MAX_COEFFICIENT = 10n ** 34n;

/** Ten to a power that is zero or more. */
export const pow10 = (n: number): bigint => 10n ** BigInt(n);

/** Takes a stored decimal apart (IEEE 754-2008, binary integer encoding). */
export function parts(d: Decimal128): Parts {
  const view = new DataView(d.bytes.buffer, d.bytes.byteOffset, 16);
  const low = view.getBigUint64(0, true);
  const high = view.getBigUint64(8, true);
  const negative = high >> 63n === 1n;
  const top = Number((high >> 58n) & 31n);
  if (top === 31) return { kind: 'nan' };
  if (top === 30) return { kind: 'infinity', negative };
  if (top >> 3 === 3) {
    // A coefficient beyond 34 digits is not canonical and counts as zero.
    const exponent = Number((high >> 47n) & 0x3fffn) - BIAS;
    return { kind: 'finite', coefficient: 0n, exponent, negative };
  }
  const exponent = Number((high >> 49n) & 0x3fffn) - BIAS;
  const coefficient = ((high & ((1n << 49n) - 1n)) << 64n) | low;
  return {
    kind: 'finite',
    coefficient: coefficient < MAX_COEFFICIENT ? coefficient : 0n,
    exponent,
    negative,
  };
}

function pack(high: bigint, low: bigint): Decimal128 {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, low, true);
  view.setBigUint64(8, high, true);
  return new Decimal128(bytes);
}

export const DECIMAL_NAN = pack(31n << 58n, 0n);
/** An infinity of either sign. */
export const decimalInfinity = (negative: boolean): Decimal128 =>
  pack((negative ? 1n << 63n : 0n) | (30n << 58n), 0n);

/** Builds a decimal, rounding half to even to 34 digits. */
export function fromParts(p: Parts): Decimal128 {
  if (p.kind === 'nan') return DECIMAL_NAN;
  if (p.kind === 'infinity') return decimalInfinity(p.negative);
  let { coefficient, exponent } = p;
  const digits = coefficient.toString().length;
  const extra = Math.max(digits - MAX_DIGITS, -BIAS - exponent);
  if (extra > 0) {
    // More than every digit goes: nothing is left, and no power of that size need be made.
    coefficient = extra > digits ? 0n : divideHalfEven(coefficient, pow10(extra));
    exponent += extra;
    if (coefficient >= MAX_COEFFICIENT) {
      coefficient /= 10n;
      exponent += 1;
    }
  }
  while (exponent > MAX_EXPONENT && coefficient !== 0n && coefficient * 10n < MAX_COEFFICIENT) {
    coefficient *= 10n;
    exponent -= 1;
  }
  if (coefficient === 0n) exponent = Math.max(-BIAS, Math.min(MAX_EXPONENT, exponent));
  if (exponent > MAX_EXPONENT) return decimalInfinity(p.negative);
  const sign = p.negative ? 1n << 63n : 0n;
  return pack(sign | (BigInt(exponent + BIAS) << 49n) | (coefficient >> 64n), coefficient & LOW_64);
}

function divideHalfEven(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  const twice = (value % by) * 2n;
  if (twice > by || (twice === by && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}

/** Reads `-12.3E+4`, `Infinity`, `NaN`; null when the text is no decimal. */
export function decimalFromString(text: string): Decimal128 | null {
  if (text.length > 7000) return null;
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special) {
    return /nan/i.test(text) ? DECIMAL_NAN : decimalInfinity(special[1] === '-');
  }
  const m = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,6}))?$/i.exec(text);
  if (!m || `${m[2]}${m[3] ?? ''}` === '') return null;
  const fraction = m[3] ?? '';
  const exponent = Number(m[4] ?? 0) - fraction.length;
  return fromParts({
    kind: 'finite',
    coefficient: BigInt(`${m[2]}${fraction}`),
    exponent,
    negative: m[1] === '-',
  });
}

/** A decimal from an int64 or int32. */
export const decimalFromInteger = (value: bigint | number): Decimal128 => {
  const whole = BigInt(value);
  return fromParts({
    kind: 'finite',
    coefficient: whole < 0n ? -whole : whole,
    exponent: 0,
    negative: whole < 0n,
  });
};

// Sixty digits tell a tie from what lies beside it; doubles come no closer to one.
const SEEN_DIGITS = 60;

/**
 * A decimal from a double. Fifteen significant digits are what MongoDB shows of a double;
 * thirty-four are what it adds and rounds with.
 */
export function decimalFromDouble(value: number, digits: 15 | 34 = 15): Decimal128 {
  if (Number.isNaN(value)) return DECIMAL_NAN;
  if (!Number.isFinite(value)) return decimalInfinity(value < 0);
  if (value === 0)
    return fromParts({
      kind: 'finite',
      coefficient: 0n,
      exponent: 0,
      negative: Object.is(value, -0),
    });
  const m = /^(-?)(\d)\.(\d+)e([+-]\d+)$/.exec(value.toExponential(SEEN_DIGITS));
  const [, sign = '', head = '0', tail = '', power = '0'] = m ?? [];
  const all = BigInt(head + tail);
  const coefficient = divideHalfEven(all, pow10(SEEN_DIGITS + 1 - digits));
  const exponent = Number(power) - digits + 1;
  const whole = digits === 34 ? trimmed(coefficient, exponent) : { coefficient, exponent };
  return fromParts({ kind: 'finite', ...whole, negative: sign === '-' });
}

function trimmed(
  coefficient: bigint,
  exponent: number,
): { readonly coefficient: bigint; readonly exponent: number } {
  let [c, e] = [coefficient, exponent];
  while (e < 0 && c % 10n === 0n) {
    c /= 10n;
    e += 1;
  }
  return { coefficient: c, exponent: e };
}

/** The canonical text of a decimal (`1.50`, `1E+3`, `NaN`). */
export function decimalToString(d: Decimal128): string {
  const p = parts(d);
  if (p.kind === 'nan') return 'NaN';
  const sign = p.negative ? '-' : '';
  if (p.kind === 'infinity') return `${sign}Infinity`;
  const digits = p.coefficient.toString();
  const scientific = p.exponent + digits.length - 1;
  if (p.exponent > 0 || scientific < -6) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}E${scientific < 0 ? '-' : '+'}${Math.abs(scientific)}`;
  }
  if (p.exponent === 0) return sign + digits;
  const padded = digits.padStart(1 - p.exponent, '0');
  return `${sign}${padded.slice(0, p.exponent)}.${padded.slice(p.exponent)}`;
}
