import { CommandError, code } from '../values/errors.ts';
import { UtcDate, type Value } from '../values/types.ts';
import { toDate } from './conversions.ts';
import { dayOfYear, isoWeek, moment, weekday, weekOfYear, zoneOf } from './date-fields.ts';
import { isNothing, named, type Operators } from './expr.ts';
import { fromZoned, offsetMinutes, zonedParts, type ZonedParts } from './time-zone.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const pad = (n: number, size = 2): string => String(n).padStart(size, '0');

const WRITERS: ReadonlyMap<string, (p: ZonedParts, offset: number) => string> = new Map([
  ['Y', (p: ZonedParts) => pad(p.year, 4)],
  ['m', (p: ZonedParts) => pad(p.month)],
  ['d', (p: ZonedParts) => pad(p.day)],
  ['H', (p: ZonedParts) => pad(p.hour)],
  ['M', (p: ZonedParts) => pad(p.minute)],
  ['S', (p: ZonedParts) => pad(p.second)],
  ['L', (p: ZonedParts) => pad(p.ms, 3)],
  ['B', (p: ZonedParts) => MONTHS[p.month - 1] ?? ''],
  ['b', (p: ZonedParts) => (MONTHS[p.month - 1] ?? '').slice(0, 3)],
  ['j', (p: ZonedParts) => pad(dayOfYear(p), 3)],
  ['U', (p: ZonedParts) => pad(weekOfYear(p))],
  ['w', (p: ZonedParts) => String(weekday(p) + 1)],
  ['u', (p: ZonedParts) => String(weekday(p) || 7)],
  ['V', (p: ZonedParts) => pad(isoWeek(p).week)],
  ['G', (p: ZonedParts) => pad(isoWeek(p).year, 4)],
  [
    'z',
    (_: ZonedParts, offset: number) =>
      `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}${pad(Math.abs(offset) % 60)}`,
  ],
  ['Z', (_: ZonedParts, offset: number) => String(offset)],
  ['%', () => '%'],
]);

function formatted(ms: number, zone: string, format: string): string {
  const p = zonedParts(ms, zone);
  const offset = offsetMinutes(ms, zone);
  return format.replace(/%(.)?/gs, (_, letter: string | undefined) => {
    const write = WRITERS.get(letter ?? '');
    if (!write)
      throw new CommandError(18536, `Invalid format character '%${letter ?? ''}' in format string`);
    return write(p, offset);
  });
}

const READERS: ReadonlyMap<string, string> = new Map([
  ['Y', '(\\d{4})'],
  ['m', '(\\d{1,2})'],
  ['d', '(\\d{1,2})'],
  ['H', '(\\d{1,2})'],
  ['M', '(\\d{1,2})'],
  ['S', '(\\d{1,2})'],
  ['L', '(\\d{1,3})'],
  ['B', `(${MONTHS.join('|')})`],
  ['b', `(${MONTHS.map((month) => month.slice(0, 3)).join('|')})`],
  ['j', '(\\d{1,3})'],
  ['G', '(\\d{4})'],
  ['V', '(\\d{1,2})'],
  ['u', '([1-7])'],
  ['z', '(Z|[+-]\\d{2}:?\\d{2})'],
  ['Z', '([+-]?\\d+)'],
]);

const unreadable = (text: string): CommandError =>
  new CommandError(code.ConversionFailure, `Error parsing date string '${text}'`);

/** Reads a text by a format; its own offset goes before the zone that is given. */
function readByFormat(text: string, format: string, zone: string): number {
  const letters: string[] = [];
  const source = format.replace(/%(.)?|[\\^$.*+?()[\]{}|/]/gs, (m, letter: string | undefined) => {
    if (!m.startsWith('%')) return `\\${m}`;
    if (letter === '%') return '%';
    const read = READERS.get(letter ?? '');
    if (!read)
      throw new CommandError(18536, `Invalid format character '%${letter ?? ''}' in format string`);
    letters.push(letter ?? '');
    return read;
  });
  const found = new RegExp(`^${source}$`, 'i').exec(text);
  if (!found) throw unreadable(text);
  const at = new Map(letters.map((letter, i) => [letter, found[i + 1] ?? '']));
  const number = (letter: string, fallback: number): number => Number(at.get(letter) ?? fallback);
  const clock = {
    hour: number('H', 0),
    minute: number('M', 0),
    second: number('S', 0),
    ms: Number((at.get('L') ?? '0').padEnd(3, '0')),
  };
  const p = { ...dayOf(at, number, text), ...clock };
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) throw unreadable(text);
  const own = at.get('z');
  if (own !== undefined) return fromZoned(p, own.toUpperCase());
  return at.has('Z') ? fromZoned(p, 'UTC') - number('Z', 0) * 60000 : fromZoned(p, zone);
}

function dayOf(
  at: ReadonlyMap<string, string>,
  number: (letter: string, fallback: number) => number,
  text: string,
): Pick<ZonedParts, 'year' | 'month' | 'day'> {
  if (at.has('G')) {
    const year = number('G', 0);
    const fourth = { year, month: 1, day: 4, hour: 0, minute: 0, second: 0, ms: 0 };
    const monday = 5 - (weekday(fourth) || 7);
    return { year, month: 1, day: monday + (number('V', 1) - 1) * 7 + number('u', 1) - 1 };
  }
  if (!at.has('Y')) throw unreadable(text);
  const name = (at.get('B') ?? at.get('b') ?? '').slice(0, 3).toLowerCase();
  const named = MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === name) + 1;
  const month = named > 0 ? named : number('m', 1);
  const day = at.has('j') ? number('j', 1) : number('d', 1);
  if (month < 1 || month > 12 || day < 1 || (day > 31 && !at.has('j'))) throw unreadable(text);
  return { year: number('Y', 0), month, day };
}

function readIso(text: string, zone: string): number {
  const { ms } = toDate(text);
  const bare = !/(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  return bare ? fromZoned(zonedParts(ms, 'UTC'), zone) : ms;
}

/** Operators that write dates as text and read them from it. */
export const dateTextOperators: Operators = {
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
        throw new CommandError(18533, '$dateToString requires that the format be a string');
      return formatted(moment(date, name), zone, format);
    };
  },
  $dateFromString: (argument, compile, name) => {
    const fields = named(argument, compile, name, {
      required: ['dateString'],
      optional: ['format', 'timezone', 'onError', 'onNull'],
    });
    return (env) => {
      const v: Value | undefined = fields.dateString?.(env);
      if (isNothing(v)) return fields.onNull ? fields.onNull(env) : null;
      const zone = zoneOf(fields.timezone, env);
      const format = fields.format ? fields.format(env) : '';
      if (zone === null || isNothing(format)) return null;
      if (typeof format !== 'string')
        throw new CommandError(40684, `${name} requires that 'format' be a string`);
      try {
        if (typeof v !== 'string')
          throw new CommandError(
            code.ConversionFailure,
            `${name} requires that 'dateString' be a string`,
          );
        return new UtcDate(fields.format ? readByFormat(v, format, zone) : readIso(v, zone));
      } catch (error) {
        if (fields.onError && error instanceof CommandError) return fields.onError(env);
        throw error;
      }
    };
  },
};
