import type { BusinessDate } from './business-date.ts';

/**
 * Holidays that no rule gives (国民の祝日に関する法律 and the laws of their year): days that were added, and days that were
 * moved away from where the rule puts them. Known to the end of 2027.
 */
const ADDED = new Set(
  '2019-04-30 2019-05-01 2019-05-02 2019-10-22 2020-07-23 2020-07-24 2020-08-10 2021-07-22 2021-07-23 2021-08-08 2021-08-09'.split(
    ' ',
  ),
);
const MOVED = new Set(
  '2020-07-20 2020-10-12 2020-08-11 2021-07-19 2021-10-11 2021-08-11'.split(' '),
);
const FIXED = new Set('01-01 02-11 04-29 05-03 05-04 05-05 08-11 11-03 11-23'.split(' '));
/** Month and which Monday of it: 成人の日, 海の日, 敬老の日, スポーツの日. */
const MONDAYS = new Set(['1-2', '7-3', '9-3', '10-2']);
const SUNDAY = 0;
const SATURDAY = 6;
const DAY_MS = 86_400_000;

const utc = (date: string): Date => new Date(`${date}T00:00:00Z`);

/** The date so many days later. */
export const daysAfter = (date: BusinessDate, days: number): BusinessDate =>
  new Date(utc(date).getTime() + days * DAY_MS).toISOString().slice(0, 10) as BusinessDate;

// Counted by the astronomical formula that holds from 1980 to 2099.
const equinox = (year: number, at1980: number): number =>
  Math.floor(at1980 + 0.242_194 * (year - 1980)) - Math.floor((year - 1980) / 4);

function isNamed(date: BusinessDate): boolean {
  if (ADDED.has(date)) return true;
  if (MOVED.has(date)) return false;
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  if (FIXED.has(date.slice(5))) return true;
  if (month === 2 && day === 23) return year >= 2020; // 天皇誕生日
  if (month === 3) return day === equinox(year, 20.8431);
  if (month === 9 && day === equinox(year, 23.2488)) return true;
  return utc(date).getUTCDay() === 1 && MONDAYS.has(`${month}-${Math.ceil(day / 7)}`);
}

/** Whether the day is a national holiday of Japan, substitutes and days between two holidays included. */
export function isHoliday(date: BusinessDate): boolean {
  if (isNamed(date)) return true;
  // A holiday on a Sunday moves to the next day that is none.
  for (let back = 1; back <= 4 && isNamed(daysAfter(date, -back)); back += 1) {
    if (utc(daysAfter(date, -back)).getUTCDay() === SUNDAY) return true;
  }
  return isNamed(daysAfter(date, -1)) && isNamed(daysAfter(date, 1));
}

/** Whether banks transfer on this day: no weekend, no holiday, not 31 December to 3 January. */
export function isBankDay(date: BusinessDate): boolean {
  const weekday = utc(date).getUTCDay();
  if (weekday === SUNDAY || weekday === SATURDAY) return false;
  return !/-(12-31|01-0[1-3])$/.test(date) && !isHoliday(date);
}

/** The first bank day after a day. */
export function nextBankDay(date: BusinessDate): BusinessDate {
  let next = daysAfter(date, 1);
  while (!isBankDay(next)) next = daysAfter(next, 1);
  return next;
}
