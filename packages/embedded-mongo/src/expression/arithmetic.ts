import { CommandError, badValue, code } from '../values/errors.ts';
import {
  decimalDivide,
  decimalIsNegative,
  decimalNegate,
  decimalRemainder,
} from '../values/decimal-math.ts';
import {
  add,
  INT64_MIN,
  isZero,
  multiply,
  sized,
  subtract,
  toDecimal,
  toDouble,
  truncated,
  type Numeric,
} from '../values/number.ts';
import { Total } from '../values/total.ts';
import { Decimal128, Double, isNumber, typeName, UtcDate, type Value } from '../values/types.ts';
import { within } from './date-fields.ts';
import { binary, isNothing, unary, variadic, wrongType, type Operators } from './expr.ts';

/** A moment so many milliseconds away; a fraction of one is rounded. */
const shift = (date: UtcDate, by: number, name: string): UtcDate =>
  new UtcDate(within(date.ms + Math.round(by), name));

function sum(list: readonly (Value | undefined)[], name: string): Value {
  const [a, b] = list;
  if (list.length === 2 && typeof a === 'number' && typeof b === 'number') return add(a, b);
  const total = new Total();
  let date: UtcDate | null = null;
  for (const v of list) {
    if (isNothing(v)) return null;
    if (v instanceof UtcDate) {
      if (date) throw new CommandError(16612, 'only one date allowed in an $add expression');
      date = v;
    } else if (isNumber(v)) total.add(v);
    else throw wrongType(name, 'numeric or date types', typeName(v));
  }
  return date ? shift(date, toDouble(total.value()), name) : total.value();
}

function minus(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (a instanceof UtcDate && b instanceof UtcDate) return BigInt(a.ms - b.ms);
  if (a instanceof UtcDate && isNumber(b)) return shift(a, -toDouble(b), name);
  if (!isNumber(a) || !isNumber(b))
    throw new CommandError(code.TypeMismatch, `can't ${name} ${typeName(b)} from ${typeName(a)}`);
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

function pair(
  a: Value,
  b: Value,
  name: string,
): { readonly x: Numeric; readonly y: Numeric; readonly decimal: boolean } {
  if (!isNumber(a) || !isNumber(b))
    throw wrongType(name, 'numeric types', `${typeName(a)} and ${typeName(b)}`);
  return { x: a, y: b, decimal: a instanceof Decimal128 || b instanceof Decimal128 };
}

function quotient(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  const { x, y, decimal } = pair(a, b, name);
  if (isZero(y)) throw badValue("can't $divide by zero");
  if (decimal) return decimalDivide(toDecimal(x), toDecimal(y));
  return new Double(toDouble(x) / toDouble(y));
}

function remainder(a: Value | undefined, b: Value | undefined, name: string): Value {
  if (isNothing(a) || isNothing(b)) return null;
  const { x, y, decimal } = pair(a, b, name);
  if (isZero(y)) throw new CommandError(16610, "can't $mod by zero");
  if (decimal) return decimalRemainder(toDecimal(x), toDecimal(y));
  if (x instanceof Double || y instanceof Double) return new Double(toDouble(x) % toDouble(y));
  const rest = (truncated(x) ?? 0n) % (truncated(y) ?? 1n);
  return typeof x === 'number' && typeof y === 'number' ? Number(rest) : rest;
}

function absolute(v: Value | undefined, name: string): Value {
  if (isNothing(v)) return null;
  if (v instanceof Decimal128) return decimalIsNegative(v) ? decimalNegate(v) : v;
  if (v instanceof Double) return new Double(Math.abs(v.value));
  if (typeof v === 'number') return sized(Math.abs(v));
  if (typeof v !== 'bigint') throw wrongType(name, 'numeric types', typeName(v));
  if (v === INT64_MIN) throw new CommandError(28680, "can't take $abs of long long min");
  return v < 0n ? -v : v;
}

/** One argument that is an array is looked into; of several, arrays count as no numbers. */
const numbersOf = (list: (Value | undefined)[]): readonly (Value | undefined)[] =>
  list.length === 1 && Array.isArray(list[0]) ? list[0] : list;

function totalOf(list: (Value | undefined)[]): Total {
  const total = new Total();
  for (const v of numbersOf(list)) total.add(v);
  return total;
}

/** Arithmetic operators. */
export const arithmeticOperators: Operators = {
  $add: variadic(sum),
  $subtract: binary(minus),
  $multiply: variadic(product),
  $divide: binary(quotient),
  $mod: binary(remainder),
  $abs: unary(absolute),
  $sum: variadic((list) => totalOf(list).value()),
  $avg: variadic((list) => totalOf(list).mean()),
};
