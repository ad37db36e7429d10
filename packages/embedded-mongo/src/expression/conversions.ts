import { decimalFromString, decimalToString } from '../values/decimal.ts';
import { CommandError, code } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import {
  INT32_MAX,
  INT32_MIN,
  INT64_MAX,
  INT64_MIN,
  toDecimal,
  toDouble,
  toWhole,
} from '../values/number.ts';
import {
  Binary,
  Decimal128,
  Double,
  isNumber,
  ObjectId,
  Timestamp,
  typeName,
  UtcDate,
  type Value,
} from '../values/types.ts';
import { isNothing, named, unary, type Operators } from './expr.ts';

const failed = (v: Value, to: string): CommandError =>
  new CommandError(
    code.ConversionFailure,
    `Unsupported conversion from ${typeName(v)} to ${to} in $convert with no onError value`,
  );

/** The text of a scalar, as `$toString` and `$concat` of dates write it. */
export function toText(v: Value): string {
  if (typeof v === 'string') return v;
  if (typeof v === 'number' || typeof v === 'bigint' || typeof v === 'boolean') return String(v);
  if (v instanceof Double) return String(v.value).replace(/e\+?/, 'e+').replace('e+-', 'e-');
  if (v instanceof Decimal128) return decimalToString(v);
  if (v instanceof ObjectId) return v.hex();
  if (v instanceof UtcDate) return new Date(v.ms).toISOString();
  if (v instanceof Binary && v.subtype === 4) {
    return Buffer.from(v.bytes)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
  throw failed(v, 'string');
}

function wholeOf(v: Value, to: 'int' | 'long'): bigint {
  let whole: bigint | null = null;
  if (typeof v === 'boolean') whole = v ? 1n : 0n;
  else if (v instanceof UtcDate) whole = to === 'long' ? BigInt(v.ms) : null;
  else if (typeof v === 'string') whole = /^[+-]?\d{1,20}$/.test(v) ? BigInt(v) : null;
  else if (v instanceof Double)
    whole = Number.isFinite(v.value) ? BigInt(Math.trunc(v.value)) : null;
  else if (v instanceof Decimal128)
    whole = toWhole(v) ?? (Number.isFinite(toDouble(v)) ? BigInt(Math.trunc(toDouble(v))) : null);
  else whole = toWhole(v);
  if (whole === null) throw failed(v, to);
  return whole;
}

function toInt(v: Value): Value {
  const whole = wholeOf(v, 'int');
  if (whole > BigInt(INT32_MAX) || whole < BigInt(INT32_MIN)) throw failed(v, 'int');
  return Number(whole);
}

function toLong(v: Value): Value {
  const whole = wholeOf(v, 'long');
  if (whole > INT64_MAX || whole < INT64_MIN) throw failed(v, 'long');
  return whole;
}

function toFloat(v: Value): Value {
  if (typeof v === 'boolean') return new Double(v ? 1 : 0);
  if (v instanceof UtcDate) return new Double(v.ms);
  if (isNumber(v)) return new Double(toDouble(v));
  if (typeof v === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(v))
    return new Double(Number(v));
  throw failed(v, 'double');
}

function toBigDecimal(v: Value): Value {
  if (typeof v === 'boolean') return toDecimal(v ? 1 : 0);
  if (v instanceof UtcDate) return toDecimal(BigInt(v.ms));
  if (isNumber(v)) return toDecimal(v);
  const parsed = typeof v === 'string' ? decimalFromString(v) : null;
  if (!parsed) throw failed(v, 'decimal');
  return parsed;
}

/** A moment from a date, a number of milliseconds, an object id, a timestamp or ISO 8601 text. */
export function toDate(v: Value): UtcDate {
  if (v instanceof UtcDate) return v;
  if (v instanceof ObjectId) return new UtcDate(Buffer.from(v.bytes).readUInt32BE(0) * 1000);
  if (v instanceof Timestamp) return new UtcDate(v.seconds * 1000);
  if (isNumber(v) && typeof v !== 'number') return new UtcDate(Math.trunc(toDouble(v)));
  const iso =
    typeof v === 'string' &&
    /^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(v);
  const text = iso
    ? /(Z|[+-]\d{2}:?\d{2})$/.test(v) && v.length > 10
      ? v
      : v.length > 10
        ? `${v.replace(' ', 'T')}Z`
        : v
    : '';
  const ms = iso ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw failed(v, 'date');
  return new UtcDate(ms);
}

function toObjectId(v: Value): Value {
  if (v instanceof ObjectId) return v;
  if (typeof v === 'string' && /^[0-9a-f]{24}$/i.test(v))
    return new ObjectId(Uint8Array.from(Buffer.from(v, 'hex')));
  throw failed(v, 'objectId');
}

const TARGETS: Readonly<Record<string, (v: Value) => Value>> = {
  string: toText,
  int: toInt,
  long: toLong,
  double: toFloat,
  decimal: toBigDecimal,
  bool: (v) => (isNumber(v) || typeof v === 'boolean' ? truthy(v) : true),
  date: toDate,
  objectId: toObjectId,
};
const NUMBERED: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  16: 'int',
  18: 'long',
  19: 'decimal',
};

const converter = (to: string): Operators[string] =>
  unary((v) => (isNothing(v) ? null : (TARGETS[to] as (v: Value) => Value)(v)));

/** Type conversion operators. */
export const conversionOperators: Operators = {
  $type: unary((v) => typeName(v)),
  $isNumber: unary((v) => isNumber(v)),
  $toString: converter('string'),
  $toInt: converter('int'),
  $toLong: converter('long'),
  $toDouble: converter('double'),
  $toDecimal: converter('decimal'),
  $toBool: converter('bool'),
  $toDate: converter('date'),
  $toObjectId: converter('objectId'),
  $convert: (argument, compile, name) => {
    const fields = named(argument, compile, name, {
      required: ['input', 'to'],
      optional: ['onError', 'onNull'],
    });
    return (env) => {
      const input = fields.input?.(env);
      if (isNothing(input)) return fields.onNull ? fields.onNull(env) : null;
      const to = fields.to?.(env);
      const target = TARGETS[isNumber(to) ? (NUMBERED[toDouble(to)] ?? '') : String(to)];
      if (!target) throw new CommandError(code.BadValue, `Unknown type name: ${String(to)}`);
      try {
        return target(input);
      } catch (error) {
        if (fields.onError && error instanceof CommandError) return fields.onError(env);
        throw error;
      }
    };
  },
};
