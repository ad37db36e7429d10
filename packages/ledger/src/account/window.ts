import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { businessDate } from '@7pay/time';

/** How much may pass through a channel of an account, in the unit of its currency. Absent: no limit. */
export interface WindowLimits {
  readonly perEntry?: number;
  /** In one business date (Asia/Tokyo). */
  readonly day?: number;
  /** In any 24 hours. Counted by whole hours, and the hour that is only partly inside counts in full. */
  readonly hours24?: number;
  /** In 30 business dates, today included. */
  readonly days30?: number;
}

/** What an entry counts as: so much through this channel, under these limits. */
export interface Passing {
  readonly channel: string;
  readonly amount: number;
  readonly limits: WindowLimits;
}

/** What passed through one channel: by hour (hours since 1970) of the last 25, and by business date of the last 30. */
export interface Passed {
  readonly hours: Readonly<Record<string, number>>;
  readonly days: Readonly<Record<string, number>>;
}
export type Windows = Readonly<Record<string, Passed>>;

export type WindowRefusal = 'LIMIT_EXCEEDED';

declareRefusals('window', {
  LIMIT_EXCEEDED: {
    ja: '利用限度額{limit}円を超えるため受け付けられません。あと{left}円までご利用いただけます。',
    en: 'This is above the limit of {limit} yen. {left} yen are left.',
  },
});

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is left of each limit before an entry at this instant. */
export function leftIn(
  passed: Passed | undefined,
  limits: WindowLimits,
  at: Date,
): Readonly<Record<keyof WindowLimits, number>> {
  const { hours, days } = kept(passed, at);
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const left = (limit: number | undefined, used: number) =>
    limit === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, limit - used);
  return {
    perEntry: left(limits.perEntry, 0),
    day: left(limits.day, days[businessDate(at)] ?? 0),
    hours24: left(limits.hours24, sum(hours)),
    days30: left(limits.days30, sum(days)),
  };
}

const PERIODS = ['perEntry', 'day', 'hours24', 'days30'] as const;

/** The same entry under the tighter of the house's limits and those of the account's owner. */
export function tightened(passing: Passing, own: Readonly<Record<string, WindowLimits>>): Passing {
  const mine = own[passing.channel];
  if (!mine) return passing;
  const limits: Partial<Record<keyof WindowLimits, number>> = { ...passing.limits };
  for (const period of PERIODS) {
    const limit = Math.min(limits[period] ?? Infinity, mine[period] ?? Infinity);
    if (limit !== Infinity) limits[period] = limit;
  }
  return { ...passing, limits };
}

/** Counts an entry, or says which limit it is above: the smallest that is exceeded. */
export function pass(
  windows: Windows,
  { channel, amount, limits }: Passing,
  at: Date,
): Windows | Refused<WindowRefusal> {
  const left = leftIn(windows[channel], limits, at);
  const [tightest] = PERIODS.filter((period) => amount > left[period]).sort(
    (a, b) => left[a] - left[b],
  );
  if (tightest) {
    const facts = { limit: limits[tightest] ?? 0, left: left[tightest], period: tightest };
    return refuse('LIMIT_EXCEEDED', facts);
  }
  return { ...windows, [channel]: added(kept(windows[channel], at), amount, at) };
}

/** Takes back what an earlier entry counted, as far as its hour and date are still counted. */
export function giveBack(
  windows: Windows,
  { channel, amount, countedAt }: { channel: string; amount: number; countedAt: Date },
  at: Date,
): Windows {
  const { hours, days } = kept(windows[channel], at);
  const less = (counts: Readonly<Record<string, number>>, key: string) =>
    key in counts ? { ...counts, [key]: Math.max(0, (counts[key] ?? 0) - amount) } : counts;
  const back = {
    hours: less(hours, hourOf(countedAt)),
    days: less(days, businessDate(countedAt)),
  };
  return { ...windows, [channel]: back };
}

const hourOf = (at: Date): string => String(Math.floor(at.getTime() / HOUR_MS));

function kept(passed: Passed | undefined, at: Date): Passed {
  if (!passed) return { hours: {}, days: {} };
  const firstHour = Math.floor((at.getTime() - DAY_MS) / HOUR_MS);
  const firstDay = businessDate(new Date(at.getTime() - 29 * DAY_MS));
  const only = (
    counts: Readonly<Record<string, number>>,
    stays: (key: string) => boolean,
  ): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(counts).filter(([key]) => stays(key)));
  return {
    hours: only(passed.hours, (hour) => Number(hour) >= firstHour),
    days: only(passed.days, (day) => day >= firstDay),
  };
}

function added({ hours, days }: Passed, amount: number, at: Date): Passed {
  const hour = hourOf(at);
  const day = businessDate(at);
  return {
    hours: { ...hours, [hour]: (hours[hour] ?? 0) + amount },
    days: { ...days, [day]: (days[day] ?? 0) + amount },
  };
}
