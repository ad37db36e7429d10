import { badValue, CommandError, notImplemented } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import {
  isDoc,
  isNumber,
  ObjectId,
  Timestamp,
  typeName,
  UtcDate,
  type Value,
} from '../values/types.ts';
import { toDate } from './conversions.ts';
import { isNothing, named, type Env, type Expr, type Operators } from './expr.ts';
import { fromZoned, offsetMinutes, zonedParts, type ZonedParts } from './time-zone.ts';

const DAY = 86_400_000;

function moment(v: Value | undefined, name: string): number {
  if (v instanceof UtcDate) return v.ms;
  if (v instanceof ObjectId || v instanceof Timestamp) return toDate(v).ms;
  throw new CommandError(16006, `can't convert from BSON type ${typeName(v)} to Date in ${name}`);
}

function zoneOf(expr: Expr | undefined, env: Env): string | null {
  if (!expr) return 'UTC';
  const v = expr(env);
  if (isNothing(v)) return null;
  if (typeof v !== 'string')
    throw new CommandError(40517, `timezone must evaluate to a string, found ${typeName(v)}`);
  return v;
}

// `{$year: '$at'}` and `{$year: {date: '$at', timezone: 'Asia/Tokyo'}}` are both written.
function part(read: (p: ZonedParts, ms: number) => Value): Operators[string] {
  return (argument, compile, name) => {
    const long = isDoc(argument) && argument.has('date');
    const fields = long
      ? named(argument, compile, name, { required: ['date'], optional: ['timezone'] })
      : {
          date: compile(
            Array.isArray(argument) && argument.length === 1 ? (argument[0] as Value) : argument,
          ),
          timezone: undefined,
        };
    return (env) => {
      const v = fields.date?.(env);
      const zone = zoneOf(fields.timezone, env);
      if (isNothing(v) || zone === null) return null;
      const ms = moment(v, name);
      return read(zonedParts(ms, zone), ms);
    };
  };
}

const weekday = (p: ZonedParts): number =>
  new Date(Date.UTC(p.year, p.month - 1, p.day)).getUTCDay();
const dayOfYear = (p: ZonedParts): number =>
  (Date.UTC(p.year, p.month - 1, p.day) - Date.UTC(p.year, 0, 0)) / DAY;

function isoWeek(p: ZonedParts): { week: number; year: number } {
  const thursday = new Date(Date.UTC(p.year, p.month - 1, p.day + 4 - (weekday(p) || 7)));
  const year = thursday.getUTCFullYear();
  return { week: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY + 1) / 7), year };
}

const pad = (n: number, size = 2): string => String(n).padStart(size, '0');

function formatted(ms: number, zone: string, format: string): string {
  const p = zonedParts(ms, zone);
  const offset = offsetMinutes(ms, zone);
  const sign = offset < 0 ? '-' : '+';
  const codes: Readonly<Record<string, () => string>> = {
    Y: () => pad(p.year, 4),
    m: () => pad(p.month),
    d: () => pad(p.day),
    H: () => pad(p.hour),
    M: () => pad(p.minute),
    S: () => pad(p.second),
    L: () => pad(p.ms, 3),
    j: () => pad(dayOfYear(p), 3),
    w: () => String(weekday(p) + 1),
    u: () => String(weekday(p) || 7),
    V: () => pad(isoWeek(p).week),
    G: () => pad(isoWeek(p).year, 4),
    z: () => `${sign}${pad(Math.floor(Math.abs(offset) / 60))}${pad(Math.abs(offset) % 60)}`,
    Z: () => String(offset),
    '%': () => '%',
  };
  return format.replace(/%(.)?/g, (_, letter: string | undefined) => {
    const write = codes[letter ?? ''];
    if (!write)
      throw new CommandError(18536, `Invalid format character '%${letter ?? ''}' in format string`);
    return write();
  });
}

const UNITS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
};
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

function unitOf(v: Value | undefined, name: string): string {
  if (typeof v === 'string' && (UNITS[v] !== undefined || MONTHS[v] !== undefined)) return v;
  throw badValue(`${name}: unknown time unit value: ${String(v)}`);
}

function added(ms: number, input: { unit: string; amount: number; zone: string }): UtcDate {
  const { unit, amount, zone } = input;
  const p = zonedParts(ms, zone);
  const months = MONTHS[unit];
  if (months !== undefined) {
    const month = p.month + amount * months;
    const lastDay = new Date(Date.UTC(p.year, month, 0)).getUTCDate();
    return new UtcDate(fromZoned({ ...p, month, day: Math.min(p.day, lastDay) }, zone));
  }
  if (unit === 'day' || unit === 'week')
    return new UtcDate(fromZoned({ ...p, day: p.day + amount * (unit === 'week' ? 7 : 1) }, zone));
  return new UtcDate(ms + amount * (UNITS[unit] ?? 1));
}

const adder =
  (way: 1 | -1): Operators[string] =>
  (argument, compile, name) => {
    const fields = named(argument, compile, name, {
      required: ['startDate', 'unit', 'amount'],
      optional: ['timezone'],
    });
    return (env) => {
      const start = fields.startDate?.(env);
      const unit = fields.unit?.(env);
      const amount = fields.amount?.(env);
      const zone = zoneOf(fields.timezone, env);
      if (isNothing(start) || isNothing(unit) || isNothing(amount) || zone === null) return null;
      if (!isNumber(amount)) throw badValue(`${name} expects a whole number of units`);
      return added(moment(start, name), {
        unit: unitOf(unit, name),
        amount: toDouble(amount) * way,
        zone,
      });
    };
  };

/** Counts whole units since a fixed Sunday, Monday or month, in the zone's own calendar. */
function unitIndex(ms: number, unit: string, zone: string, firstDay: number): number {
  const p = zonedParts(ms, zone);
  const months = MONTHS[unit];
  if (months !== undefined) return Math.floor((p.year * 12 + p.month - 1) / months);
  const day = Date.UTC(p.year, p.month - 1, p.day) / DAY;
  if (unit === 'week') return Math.floor((day + 4 - firstDay) / 7); // 1970-01-01 was a Thursday
  if (unit === 'day') return day;
  return Math.floor((ms + offsetMinutes(ms, zone) * 60000) / (UNITS[unit] ?? 1));
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function firstDayOf(v: Value | undefined): number {
  const at = typeof v === 'string' ? WEEKDAYS.indexOf(v.toLowerCase().slice(0, 3)) : 0;
  if (at < 0) throw badValue(`startOfWeek is no day of the week: ${String(v)}`);
  return at;
}

const dateDiff: Operators[string] = (argument, compile, name) => {
  const fields = named(argument, compile, name, {
    required: ['startDate', 'endDate', 'unit'],
    optional: ['timezone', 'startOfWeek'],
  });
  return (env) => {
    const [start, end, unit] = [fields.startDate?.(env), fields.endDate?.(env), fields.unit?.(env)];
    const zone = zoneOf(fields.timezone, env);
    if (isNothing(start) || isNothing(end) || isNothing(unit) || zone === null) return null;
    const first = firstDayOf(fields.startOfWeek?.(env));
    const index = (v: Value): number => unitIndex(moment(v, name), unitOf(unit, name), zone, first);
    return BigInt(index(end) - index(start));
  };
};

const dateTrunc: Operators[string] = (argument, compile, name) => {
  const fields = named(argument, compile, name, {
    required: ['date', 'unit'],
    optional: ['timezone', 'startOfWeek', 'binSize'],
  });
  if (fields.binSize) throw notImplemented(`${name} with binSize`);
  return (env) => {
    const [date, unitValue] = [fields.date?.(env), fields.unit?.(env)];
    const zone = zoneOf(fields.timezone, env);
    if (isNothing(date) || isNothing(unitValue) || zone === null) return null;
    const unit = unitOf(unitValue, name);
    const ms = moment(date, name);
    const p = zonedParts(ms, zone);
    const day = { ...p, hour: 0, minute: 0, second: 0, ms: 0 };
    const months = MONTHS[unit];
    if (months !== undefined)
      return new UtcDate(
        fromZoned({ ...day, month: p.month - ((p.month - 1) % months), day: 1 }, zone),
      );
    if (unit === 'week')
      return new UtcDate(
        fromZoned(
          { ...day, day: p.day - ((weekday(p) - firstDayOf(fields.startOfWeek?.(env)) + 7) % 7) },
          zone,
        ),
      );
    if (unit === 'day') return new UtcDate(fromZoned(day, zone));
    const shift = offsetMinutes(ms, zone) * 60000;
    const size = UNITS[unit] ?? 1;
    return new UtcDate(Math.floor((ms + shift) / size) * size - shift);
  };
};

/** Date operators. */
export const dateOperators: Operators = {
  $year: part((p) => p.year),
  $month: part((p) => p.month),
  $dayOfMonth: part((p) => p.day),
  $hour: part((p) => p.hour),
  $minute: part((p) => p.minute),
  $second: part((p) => p.second),
  $millisecond: part((p) => p.ms),
  $dayOfWeek: part((p) => weekday(p) + 1),
  $dayOfYear: part((p) => dayOfYear(p)),
  $isoDayOfWeek: part((p) => weekday(p) || 7),
  $isoWeek: part((p) => isoWeek(p).week),
  $isoWeekYear: part((p) => BigInt(isoWeek(p).year)),
  $dateAdd: adder(1),
  $dateSubtract: adder(-1),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
  $dateToParts: part(
    (p) =>
      new Map([
        ['year', p.year],
        ['month', p.month],
        ['day', p.day],
        ['hour', p.hour],
        ['minute', p.minute],
        ['second', p.second],
        ['millisecond', p.ms],
      ]),
  ),
  $dateToString: (argument, compile, name) => {
    const fields = named(argument, compile, name, {
      required: ['date'],
      optional: ['format', 'timezone', 'onNull'],
    });
    return (env) => {
      const date = fields.date?.(env);
      const zone = zoneOf(fields.timezone, env);
      if (isNothing(date)) return fields.onNull ? fields.onNull(env) : null;
      const format = fields.format
        ? fields.format(env)
        : zone === 'UTC'
          ? '%Y-%m-%dT%H:%M:%S.%LZ'
          : '%Y-%m-%dT%H:%M:%S.%L';
      if (zone === null || isNothing(format)) return null;
      if (typeof format !== 'string')
        throw badValue('$dateToString requires that the format be a string');
      return formatted(moment(date, name), zone, format);
    };
  },
  $dateFromString: (argument, compile, name) => {
    const fields = named(argument, compile, name, {
      required: ['dateString'],
      optional: ['format', 'timezone', 'onError', 'onNull'],
    });
    if (fields.format) throw notImplemented(`${name} with a format (ISO 8601 text is read)`);
    return (env) => {
      const v = fields.dateString?.(env);
      if (isNothing(v)) return fields.onNull ? fields.onNull(env) : null;
      try {
        const ms = toDate(typeof v === 'string' ? v : '').ms;
        const zone = zoneOf(fields.timezone, env) ?? 'UTC';
        const bare = typeof v === 'string' && !/(Z|[+-]\d{2}:?\d{2})$/.test(v.slice(10));
        return bare ? new UtcDate(fromZoned(zonedParts(ms, 'UTC'), zone)) : new UtcDate(ms);
      } catch (error) {
        if (fields.onError) return fields.onError(env);
        throw error;
      }
    };
  },
};
