import { CommandError, code } from '../values/errors.ts';
import { toWhole } from '../values/number.ts';
import { isDoc, ObjectId, Timestamp, typeName, UtcDate, type Value } from '../values/types.ts';
import { toDate } from './conversions.ts';
import { isNothing, named, type Env, type Expr, type Operators } from './expr.ts';
import { fromZoned, MAX_DATE_MS, utcMs, zonedParts, type ZonedParts } from './time-zone.ts';

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** The same milliseconds. @throws CommandError 15 when they are no moment of the calendar */
export function within(ms: number, name: string): number {
  if (!(Math.abs(ms) <= MAX_DATE_MS))
    throw new CommandError(code.Overflow, `${name}: date overflow`);
  return ms;
}

/** The milliseconds of a date, an object id or a timestamp. @throws CommandError 16006 */
export function moment(v: Value | undefined, name: string): number {
  if (v instanceof UtcDate) return within(v.ms, name);
  if (v instanceof ObjectId || v instanceof Timestamp) return toDate(v).ms;
  throw new CommandError(16006, `can't convert from BSON type ${typeName(v)} to Date in ${name}`);
}

/** The zone an expression names; UTC without one, null when it is null. */
export function zoneOf(expr: Expr | undefined, env: Env): string | null {
  if (!expr) return 'UTC';
  const v = expr(env);
  if (isNothing(v)) return null;
  if (typeof v !== 'string')
    throw new CommandError(40517, `timezone must evaluate to a string, found ${typeName(v)}`);
  return v;
}

// `{$year: '$at'}` and `{$year: {date: '$at', timezone: 'Asia/Tokyo'}}` are both written.
function part(read: (p: ZonedParts) => Value): Operators[string] {
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
      return read(zonedParts(moment(v, name), zone));
    };
  };
}

const MIDNIGHT = { hour: 0, minute: 0, second: 0, ms: 0 };
const dayMs = (p: ZonedParts): number => utcMs({ ...p, ...MIDNIGHT });
const newYear = (year: number): number => utcMs({ year, month: 1, day: 1, ...MIDNIGHT });

/** The day of the week, 0 is Sunday. */
export const weekday = (p: ZonedParts): number => new Date(dayMs(p)).getUTCDay();

/** The day of the year, from 1. */
export const dayOfYear = (p: ZonedParts): number => (dayMs(p) - newYear(p.year)) / DAY + 1;

/** The week of the year, 0 to 53; weeks begin on Sundays. */
export const weekOfYear = (p: ZonedParts): number =>
  Math.floor((dayOfYear(p) + 6 - weekday(p)) / 7);

/** The ISO 8601 week and the year it belongs to. */
export function isoWeek(p: ZonedParts): { readonly week: number; readonly year: number } {
  const thursday = dayMs(p) + (4 - (weekday(p) || 7)) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  return { week: Math.ceil(((thursday - newYear(year)) / DAY + 1) / 7), year };
}

function calendar(p: ZonedParts, iso: boolean): Value {
  const { week, year } = isoWeek(p);
  const date: (readonly [string, number])[] = iso
    ? [
        ['isoWeekYear', year],
        ['isoWeek', week],
        ['isoDayOfWeek', weekday(p) || 7],
      ]
    : [
        ['year', p.year],
        ['month', p.month],
        ['day', p.day],
      ];
  return new Map<string, Value>([
    ...date,
    ['hour', p.hour],
    ['minute', p.minute],
    ['second', p.second],
    ['millisecond', p.ms],
  ]);
}

const PLAIN = ['year', 'month', 'day'] as const;
const ISO = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek'] as const;
const CLOCK = ['hour', 'minute', 'second', 'millisecond'] as const;

const fromParts: Operators[string] = (argument, compile, name) => {
  const iso = isDoc(argument) && argument.has('isoWeekYear');
  const head = iso ? ISO : PLAIN;
  const fields = named(argument, compile, name, {
    required: [head[0]],
    optional: [head[1], head[2], ...CLOCK, 'timezone'],
  });
  return (env) => {
    const zone = zoneOf(fields.timezone, env);
    if (zone === null) return null;
    const values: number[] = [];
    for (const field of [...head, ...CLOCK]) {
      const v = fields[field] ? fields[field](env) : values.length < 3 ? 1 : 0;
      if (isNothing(v)) return null;
      values.push(partOf(v, field));
    }
    const [year = 1, b = 1, c = 1, hour = 0, minute = 0, second = 0, ms = 0] = values;
    const clock = { hour, minute, second, ms };
    if (!iso)
      return new UtcDate(within(fromZoned({ year, month: b, day: c, ...clock }, zone), name));
    // ISO week 1 is the one with the fourth of January.
    const fourth = { year, month: 1, day: 4, ...clock };
    const day = 4 - (weekday(fourth) || 7) + 1 + (b - 1) * 7 + (c - 1);
    return new UtcDate(fromZoned({ ...fourth, day }, zone));
  };
};

function partOf(v: Value, field: string): number {
  const whole = toWhole(v);
  if (whole === null)
    throw new CommandError(40515, `'${field}' must evaluate to an integer, found ${typeName(v)}`);
  const isYear = field === 'year' || field === 'isoWeekYear';
  if (isYear && (whole < 1n || whole > 9999n))
    throw new CommandError(40523, `'${field}' must evaluate to an integer in the range 1 to 9999`);
  if (whole < -32768n || whole > 32767n)
    throw new CommandError(
      31034,
      `'${field}' must evaluate to a value in the range [-32768, 32767]`,
    );
  return Number(whole);
}

/** Operators that take dates apart and put them together. */
export const dateFieldOperators: Operators = {
  $year: part((p) => p.year),
  $month: part((p) => p.month),
  $dayOfMonth: part((p) => p.day),
  $hour: part((p) => p.hour),
  $minute: part((p) => p.minute),
  $second: part((p) => p.second),
  $millisecond: part((p) => p.ms),
  $week: part(weekOfYear),
  $dayOfWeek: part((p) => weekday(p) + 1),
  $dayOfYear: part(dayOfYear),
  $isoDayOfWeek: part((p) => weekday(p) || 7),
  $isoWeek: part((p) => isoWeek(p).week),
  $isoWeekYear: part((p) => BigInt(isoWeek(p).year)),
  $dateFromParts: fromParts,
  $dateToParts: (argument, compile, name) => {
    const fields = named(argument, compile, name, {
      required: ['date'],
      optional: ['timezone', 'iso8601'],
    });
    return (env) => {
      const v = fields.date?.(env);
      const zone = zoneOf(fields.timezone, env);
      const iso = fields.iso8601 ? fields.iso8601(env) : false;
      if (isNothing(v) || zone === null || isNothing(iso)) return null;
      if (typeof iso !== 'boolean')
        throw new CommandError(40521, 'iso8601 must evaluate to a bool');
      return calendar(zonedParts(moment(v, name), zone), iso);
    };
  },
};
