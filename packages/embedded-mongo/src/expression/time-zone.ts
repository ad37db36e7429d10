import { CommandError, code } from '../values/errors.ts';

/** The calendar fields of a moment in some zone. */
export interface ZonedParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** The last moment the calendar here can show, either way from 1970. */
export const MAX_DATE_MS = 8.64e15;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size < 500) formats.set(zone, made);
    return made;
  } catch {
    throw new CommandError(40485, `unrecognized time zone identifier: "${zone}"`);
  }
}

/** Minutes east of UTC that a zone has at a moment. A zone is `+09:00` or an Olson name. */
export function offsetMinutes(ms: number, zone: string): number {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
  const fixed = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0));
  if (!(Math.abs(ms) <= MAX_DATE_MS))
    throw new CommandError(code.Overflow, 'date overflow in a time zone');
  const field = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map((part) => [part.type as string, part.value]),
  );
  const at = (name: string): number => Number(field.get(name));
  const local = Date.UTC(
    at('year'),
    at('month') - 1,
    at('day'),
    at('hour'),
    at('minute'),
    at('second'),
  );
  return Math.round((local - Math.floor(ms / 1000) * 1000) / 60000);
}

/** The calendar fields of a moment. */
export function zonedParts(ms: number, zone: string): ZonedParts {
  const d = new Date(ms + offsetMinutes(ms, zone) * 60000);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
    ms: d.getUTCMilliseconds(),
  };
}

/** The UTC moment of calendar fields, for any year; fields may run over (month 13). */
export function utcMs(p: ZonedParts): number {
  const date = new Date(0);
  date.setUTCFullYear(p.year, p.month - 1, p.day); // Date.UTC reads the years 0 to 99 as 1900 to 1999
  return date.setUTCHours(p.hour, p.minute, p.second, p.ms);
}

/** The moment at which a zone's clock shows the given fields; fields may run over (month 13). */
export function fromZoned(p: ZonedParts, zone: string): number {
  const local = utcMs(p);
  const guess = local - offsetMinutes(local, zone) * 60000;
  return local - offsetMinutes(guess, zone) * 60000;
}
