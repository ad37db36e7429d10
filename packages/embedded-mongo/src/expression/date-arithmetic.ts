import { badValue, CommandError } from '../values/errors.ts';
import { toWhole } from '../values/number.ts';
import { UtcDate, type Value } from '../values/types.ts';
import { DAY, moment, within, zoneOf } from './date-fields.ts';
import { isNothing, named, type Operators } from './expr.ts';
import { fromZoned, offsetMinutes, utcMs, zonedParts, type ZonedParts } from './time-zone.ts';

const UNITS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
};
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

/** The name of a unit of time. @throws CommandError 2 */
export function unitOf(v: Value | undefined, name: string): string {
  if (typeof v === 'string' && (UNITS[v] !== undefined || MONTHS[v] !== undefined)) return v;
  throw badValue(`${name}: unknown time unit value: ${String(v)}`);
}

/** A moment so many units of the zone's calendar away. */
export function addUnits(
  ms: number,
  input: { unit: string; amount: number; zone: string },
): UtcDate {
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
      const whole = toWhole(amount);
      if (whole === null)
        throw new CommandError(5166405, `${name} expects integer amount of time units`);
      const moved = addUnits(moment(start, name), {
        unit: unitOf(unit, name),
        amount: Number(whole) * way,
        zone,
      });
      within(moved.ms, name);
      return moved;
    };
  };

/** Counts whole units since a fixed Sunday, Monday or month, in the zone's own calendar. */
function unitIndex(ms: number, unit: string, zone: string, firstDay: number): number {
  const p = zonedParts(ms, zone);
  const months = MONTHS[unit];
  if (months !== undefined) return Math.floor((p.year * 12 + p.month - 1) / months);
  const day = midnight(p) / DAY;
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

const midnight = (p: ZonedParts): number => utcMs({ ...p, hour: 0, minute: 0, second: 0, ms: 0 });
const floorTo = (n: number, size: number): number => Math.floor(n / size) * size;

const MAX_BIN = 100_000_000_000n;

// Bins of more than one unit are counted from the year 2000, as MongoDB does.
const ORIGIN = Date.UTC(2000, 0, 1);

/** The beginning of the bin a moment lies in. */
function truncatedDate(
  ms: number,
  of: {
    readonly unit: string;
    readonly zone: string;
    readonly bin: number;
    readonly first: number;
  },
): UtcDate {
  const { unit, zone, bin, first } = of;
  const p = zonedParts(ms, zone);
  const start = { ...p, month: 1, day: 1, hour: 0, minute: 0, second: 0, ms: 0 };
  const months = MONTHS[unit];
  if (months !== undefined) {
    const month = floorTo((p.year - 2000) * 12 + p.month - 1, months * bin);
    return new UtcDate(fromZoned({ ...start, year: 2000, month: month + 1 }, zone));
  }
  if (unit === 'day' || unit === 'week') {
    // The first of January 2000 was a Saturday; weeks count from the first day of one after it.
    const origin = unit === 'week' ? (first - 6 + 7) % 7 : 0;
    const size = bin * (unit === 'week' ? 7 : 1);
    const days = floorTo((midnight(p) - ORIGIN) / DAY - origin, size) + origin;
    return new UtcDate(fromZoned({ ...start, year: 2000, day: 1 + days }, zone));
  }
  const shift = offsetMinutes(ms, zone) * 60000;
  const size = (UNITS[unit] ?? 1) * bin;
  return new UtcDate(floorTo(ms + shift - ORIGIN, size) + ORIGIN - shift);
}

const dateTrunc: Operators[string] = (argument, compile, name) => {
  const fields = named(argument, compile, name, {
    required: ['date', 'unit'],
    optional: ['timezone', 'startOfWeek', 'binSize'],
  });
  return (env) => {
    const [date, unit] = [fields.date?.(env), fields.unit?.(env)];
    const binSize = fields.binSize ? fields.binSize(env) : 1;
    const zone = zoneOf(fields.timezone, env);
    if (isNothing(date) || isNothing(unit) || isNothing(binSize) || zone === null) return null;
    const bin = toWhole(binSize);
    if (bin === null || bin < 1n || bin > MAX_BIN)
      throw new CommandError(
        5439018,
        `${name} requires 'binSize' value to be a whole number from 1 to ${MAX_BIN}`,
      );
    const start = truncatedDate(moment(date, name), {
      unit: unitOf(unit, name),
      zone,
      bin: Number(bin),
      first: firstDayOf(fields.startOfWeek?.(env)),
    });
    within(start.ms, name);
    return start;
  };
};

/** Operators that count with dates. */
export const dateArithmeticOperators: Operators = {
  $dateAdd: adder(1),
  $dateSubtract: adder(-1),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
};
