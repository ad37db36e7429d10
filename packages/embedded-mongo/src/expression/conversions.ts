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
  truncated,
} from '../values/number.ts';
import {
  Binary,
  Decimal128,
  Double,
  isDoc,
  isNumber,
  ObjectId,
  Timestamp,
  typeName,
  UtcDate,
  type Value,
} from '../values/types.ts';
import { binaryFromText, binaryToText, FORMATS, type Format } from './binary-text.ts';
import { MAX_DATE_MS } from './time-zone.ts';
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
  if (v instanceof UtcDate) {
    if (Math.abs(v.ms) > MAX_DATE_MS) throw failed(v, 'string');
    return new Date(v.ms).toISOString();
  }
  if (v instanceof Binary) return binaryToText(v, 'auto') ?? '';
  throw failed(v, 'string');
}

function wholeOf(v: Value, to: 'int' | 'long'): bigint {
  let whole: bigint | null = null;
  if (typeof v === 'boolean') whole = v ? 1n : 0n;
  else if (v instanceof UtcDate) whole = to === 'long' ? BigInt(v.ms) : null;
  else if (typeof v === 'string') whole = /^[+-]?\d{1,20}$/.test(v) ? BigInt(v) : null;
  else if (isNumber(v)) whole = truncated(v);
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
  const special = typeof v === 'string' ? /^([+-]?)(nan|inf|infinity)$/i.exec(v) : null;
  if (special) {
    const size = special[2]?.toLowerCase() === 'nan' ? Number.NaN : Infinity;
    return new Double(special[1] === '-' ? -size : size);
  }
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
  if (isNumber(v) && typeof v !== 'number') {
    const whole = truncated(v);
    const ms = Number(whole); // rounded: the last few hundred int64 become one too many
    if (whole === null || BigInt(ms) > INT64_MAX || whole < INT64_MIN) throw failed(v, 'date');
    return new UtcDate(ms);
  }
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

function toBinary(
  v: Value,
  as: { readonly subtype: number; readonly format: Format | null },
): Binary {
  if (v instanceof Binary && v.subtype === as.subtype) return v;
  if (typeof v !== 'string') throw failed(v, 'binData');
  if (!as.format)
    throw new CommandError(
      4341115,
      "Format must be specified when converting from 'string' to 'binData'",
    );
  const bytes = binaryFromText(v, as.format);
  if (!bytes || (as.format === 'uuid') !== (as.subtype === 4)) throw failed(v, 'binData');
  return new Binary(bytes, as.subtype);
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
  binData: (v) => toBinary(v, { subtype: 0, format: null }),
};
const NUMBERED: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  5: 'binData',
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
  $toUUID: unary((v) => (isNothing(v) ? null : toBinary(v, { subtype: 4, format: 'uuid' }))),
  $convert: (argument, compile, name) => {
    const fields = named(argument, compile, name, {
      required: ['input', 'to'],
      optional: ['onError', 'onNull', 'format'],
    });
    return (env) => {
      const input = fields.input?.(env);
      if (isNothing(input)) return fields.onNull ? fields.onNull(env) : null;
      const to = fields.to?.(env);
      if (isNothing(to)) return null;
      const target = targetOf(to, fields.format?.(env));
      try {
        return target(input);
      } catch (error) {
        if (fields.onError && error instanceof CommandError) return fields.onError(env);
        throw error;
      }
    };
  },
};

/** What `to` names: a type by its name or number, or `{type, subtype}`. */
function targetOf(to: Value, format: Value | undefined): (v: Value) => Value {
  const type = isDoc(to) ? (to.get('type') ?? null) : to;
  const name = isNumber(type) ? (NUMBERED[toDouble(type)] ?? '') : String(type);
  const target = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
  if (!target) throw new CommandError(code.BadValue, `Unknown type name: ${String(type)}`);
  const subtype = isDoc(to) ? (to.get('subtype') ?? 0) : 0;
  if (!isNumber(subtype))
    throw new CommandError(4341108, "$convert's 'subtype' argument must be a number");
  if (isNothing(format)) {
    return name === 'binData'
      ? (v) => toBinary(v, { subtype: toDouble(subtype), format: null })
      : target;
  }
  if (typeof format !== 'string' || !FORMATS.has(format))
    throw new CommandError(4341125, `Invalid 'format' argument for $convert: ${String(format)}`);
  if (name === 'binData')
    return (v) => toBinary(v, { subtype: toDouble(subtype), format: format as Format });
  if (name !== 'string') return target;
  return (v) => {
    if (!(v instanceof Binary)) return toText(v);
    const text = binaryToText(v, format as Format);
    if (text === null) throw failed(v, 'string');
    return text;
  };
}
