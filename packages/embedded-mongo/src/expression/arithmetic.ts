import { CommandError, badValue } from '../values/errors.ts';
import { decimalDivide, decimalFromString, decimalToString } from '../values/decimal.ts';
import {
  add,
  multiply,
  sized,
  subtract,
  toDecimal,
  toDouble,
  toWhole,
  type Numeric,
} from '../values/number.ts';
import { Decimal128, Double, isNumber, typeName, UtcDate, type Value } from '../values/types.ts';
import { binary, isNothing, operands, unary, variadic, wrongType, type Operators } from './expr.ts';

/** Adds whole milliseconds of any numeric type to a moment. */
const shift = (date: UtcDate, by: Numeric): UtcDate =>
  new UtcDate(Math.round(date.ms + toDouble(by)));

function sum(list: readonly (Value | undefined)[], name: string): Value {
  let total: Numeric = 0;
  let date: UtcDate | null = null;
  for (const v of list) {
    if (isNothing(v)) return null;
    if (v instanceof UtcDate) {
      if (date) throw new CommandError(16612, 'only one date allowed in an $add expression');
      date = v;
    } else if (isNumber(v)) total = add(total, v);
    else throw wrongType(name, 'numeric or date types', typeName(v));
  }
  return date ? shift(date, total) : total;
}

function minus(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (a instanceof UtcDate && b instanceof UtcDate) return BigInt(a.ms - b.ms);
  if (a instanceof UtcDate && isNumber(b)) return new UtcDate(Math.round(a.ms - toDouble(b)));
  if (!isNumber(a) || !isNumber(b))
    throw new CommandError(16556, `can't ${name} ${typeName(b)} from ${typeName(a)}`);
  return subtract(a, b);
}

function product(list: readonly (Value | undefined)[], name: string): Value {
  let total: Numeric = 1;
  for (const v of list) {
    if (isNothing(v)) return null;
    if (!isNumber(v)) throw wrongType(name, 'numeric types', typeName(v));
    total = multiply(total, v);
  }
  return total;
}

function quotient(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumber(a) || !isNumber(b))
    throw wrongType(name, 'numeric types', `${typeName(a)} and ${typeName(b)}`);
  if (toDouble(b) === 0) throw badValue("can't $divide by zero");
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return decimalDivide(toDecimal(a), toDecimal(b));
  return new Double(toDouble(a) / toDouble(b));
}

function remainder(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumber(a) || !isNumber(b))
    throw wrongType(name, 'numeric types', `${typeName(a)} and ${typeName(b)}`);
  if (toDouble(b) === 0) throw new CommandError(16610, "can't $mod by zero");
  const x = toWhole(a);
  const y = toWhole(b);
  if (x === null || y === null || a instanceof Double || b instanceof Double)
    return new Double(toDouble(a) % toDouble(b));
  const result = x % y;
  if (a instanceof Decimal128 || b instanceof Decimal128) return toDecimal(result);
  return typeof a === 'number' && typeof b === 'number' ? Number(result) : result;
}

// Rounding works on the decimal text of the number: a power of ten is never multiplied in binary.
function rounded(
  v: Value | undefined,
  places: number,
  mode: 'even' | 'cut' | 'up' | 'down',
  name: string,
): Value {
  if (isNothing(v)) return null;
  if (!isNumber(v)) throw wrongType(name, 'numeric types', typeName(v));
  if ((typeof v === 'number' || typeof v === 'bigint') && places >= 0) return v;
  if (v instanceof Decimal128)
    return decimalFromString(roundText(decimalToString(v), places, mode)) ?? v;
  if (v instanceof Double) {
    if (!Number.isFinite(v.value)) return v;
    return new Double(Number(roundText(plainText(v.value), places, mode)));
  }
  const whole = BigInt(roundText(String(v), places, mode));
  return typeof v === 'number' ? sized(Number(whole)) : whole;
}

const plainText = (n: number): string =>
  decimalToString(decimalFromString(String(n)) ?? toDecimal(0));

function roundText(text: string, places: number, mode: 'even' | 'cut' | 'up' | 'down'): string {
  const m = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]\d+))?$/.exec(text);
  if (!m) return text;
  const [, sign = '', head = '', tail = '', exponent = '0'] = m;
  const scale = tail.length - Number(exponent) - places;
  const digits = BigInt(head + tail);
  if (scale <= 0) return text;
  const unit = 10n ** BigInt(scale);
  const rest = digits % unit;
  let kept = digits / unit;
  const negative = sign === '-';
  const away =
    mode === 'up'
      ? !negative && rest > 0n
      : mode === 'down'
        ? negative && rest > 0n
        : mode === 'even' && (rest * 2n > unit || (rest * 2n === unit && kept % 2n === 1n));
  if (away) kept += 1n;
  if (places <= 0) return `${sign}${kept * 10n ** BigInt(-places)}`;
  const padded = kept.toString().padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

const rounding =
  (mode: 'even' | 'cut'): Operators[string] =>
  (argument, compile, name) => {
    const [value, place] = operands(argument, compile, name, [1, 2]);
    return (env) => {
      const places = place?.(env) ?? 0;
      if (!isNumber(places)) throw wrongType(name, 'a whole number of places', typeName(places));
      return rounded(value?.(env), toDouble(places), mode, name);
    };
  };

const real = (apply: (n: number) => number): Operators[string] =>
  unary((v, name) => {
    if (isNothing(v)) return null;
    if (!isNumber(v)) throw wrongType(name, 'numeric types', typeName(v));
    return new Double(apply(toDouble(v)));
  });

/** Arithmetic operators. */
export const arithmeticOperators: Operators = {
  $add: variadic(sum),
  $subtract: binary(minus),
  $multiply: variadic(product),
  $divide: binary(quotient),
  $mod: binary(remainder),
  $abs: unary((v, name) => {
    if (isNothing(v)) return null;
    if (!isNumber(v)) throw wrongType(name, 'numeric types', typeName(v));
    return toDouble(v) < 0 ? subtract(0, v) : v;
  }),
  $ceil: unary((v, name) => rounded(v, 0, 'up', name)),
  $floor: unary((v, name) => rounded(v, 0, 'down', name)),
  $round: rounding('even'),
  $trunc: rounding('cut'),
  $sqrt: real(Math.sqrt),
  $exp: real(Math.exp),
  $ln: real(Math.log),
  $log10: real(Math.log10),
  $pow: binary((a, b, name) => {
    if (isNothing(a) || isNothing(b)) return null;
    if (!isNumber(a) || !isNumber(b))
      throw wrongType(name, 'numeric types', `${typeName(a)} and ${typeName(b)}`);
    const x = a instanceof Double ? null : toWhole(a);
    const y = b instanceof Double ? null : toWhole(b);
    if (x === null || y === null || y < 0n || y > 64n)
      return new Double(toDouble(a) ** toDouble(b));
    const power = x ** y;
    return typeof a === 'number' && typeof b === 'number'
      ? sized(Number(power))
      : BigInt.asIntN(64, power) === power
        ? power
        : new Double(Number(power));
  }),
  $sum: variadic((list) => {
    const only = list.length === 1 ? list[0] : undefined;
    return sumOf(Array.isArray(only) ? only : list);
  }),
  $avg: variadic((list) => {
    const only = list.length === 1 ? list[0] : undefined;
    return averageOf(Array.isArray(only) ? only : list);
  }),
};

/** The sum of the numbers in a list; anything else is passed over. */
export function sumOf(list: readonly (Value | undefined)[]): Numeric {
  let total: Numeric = 0;
  for (const v of list) if (isNumber(v)) total = add(total, v);
  return total;
}

/** The mean of the numbers in a list, or null when there is none. */
export function averageOf(list: readonly (Value | undefined)[]): Value {
  const numbers = list.filter((v) => isNumber(v));
  if (numbers.length === 0) return null;
  const total = sumOf(numbers);
  if (total instanceof Decimal128) return decimalDivide(total, toDecimal(numbers.length));
  return new Double(toDouble(total) / numbers.length);
}
