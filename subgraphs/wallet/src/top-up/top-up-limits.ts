import { type Account, leftIn, type WindowLimits } from '@7pay/ledger';
import { type Refused, refuse } from '@7pay/refusals';
import { BALANCE_CAP } from '../wallet/wallet.ts';
import { channelOf, type TopUpSource } from './top-up.ts';

/** Limits of one source of top-ups, in force from a business date. Yen. */
export interface TopUpLimits {
  readonly from: string;
  /** The most that one top-up may be, and the step it is made in. */
  readonly largest: number;
  readonly step: number;
  /** The most in one business date, and in 30 of them. */
  readonly day: number;
  readonly days30: number;
  readonly owner: string;
  readonly source: string;
}

const of2019 = (limits: Pick<TopUpLimits, 'largest' | 'step' | 'day' | 'days30'>): TopUpLimits => ({
  from: '2019-07-01',
  ...limits,
  owner: 'risk',
  source: 'docs/adr/0008-limits.md: the limits of July 2019; the windows: docs/adr/0026-top-ups.md',
});

/** Dated limits of each source; the newest row that has begun applies. */
export const TOP_UP_LIMITS: Readonly<Record<TopUpSource, readonly TopUpLimits[]>> = {
  REGISTER: [of2019({ largest: 49_000, step: 1_000, day: 500_000, days30: 2_000_000 })],
  ATM: [of2019({ largest: 100_000, step: 1_000, day: 500_000, days30: 2_000_000 })],
  CREDIT: [of2019({ largest: 30_000, step: 1_000, day: 60_000, days30: 300_000 })],
  DEBIT: [of2019({ largest: 30_000, step: 1_000, day: 60_000, days30: 300_000 })],
  POINTS: [of2019({ largest: 100_000, step: 1, day: 100_000, days30: 300_000 })],
};

/** The limits in force on a business date. */
export function limitsOn(
  table: readonly TopUpLimits[],
  businessDate: string,
): TopUpLimits | undefined {
  return table.filter(({ from }) => from <= businessDate).at(-1);
}

/** The most top-ups of one wallet that wait for an answer from outside. */
export const WAITING_AT_ONCE = 10;

/** A top-up that is not decided yet; it takes room like one that is booked. */
export interface Waiting {
  readonly source: TopUpSource;
  readonly amount: number;
}

type Windowed = Pick<Account, 'posted' | 'windows' | 'limits'>;

/** What is left of the day and of 30 days for a source: the house’s limits, or tighter ones of the owner. */
export function leftOf(
  account: Windowed | null,
  { source, waiting }: { source: TopUpSource; waiting: readonly Waiting[] },
  limits: TopUpLimits | undefined,
  at: Date,
) {
  const channel = channelOf(source);
  const own: WindowLimits = account?.limits[channel] ?? {};
  const day = Math.min(limits?.day ?? 0, own.day ?? Infinity);
  const days30 = Math.min(limits?.days30 ?? 0, own.days30 ?? Infinity);
  const left = leftIn(account?.windows[channel], { day, days30 }, at);
  const taken = sumOf(waiting.filter((other) => other.source === source));
  return {
    day: { limit: day, left: Math.max(0, left.day - taken) },
    days30: { limit: days30, left: Math.max(0, left.days30 - taken) },
  };
}

/** Decides, before anybody takes money, whether the wallet has room for it. Refusals in order of precedence. */
export function checkRoom(
  account: Windowed | null,
  request: { source: TopUpSource; amount: number; waiting: readonly Waiting[] },
  limits: TopUpLimits | undefined,
  at: Date,
): Refused<'TOP_UPS_WAITING' | 'LIMIT_EXCEEDED' | 'BALANCE_CAP_EXCEEDED'> | null {
  const { amount, waiting } = request;
  if (waiting.length >= WAITING_AT_ONCE)
    return refuse('TOP_UPS_WAITING', { limit: WAITING_AT_ONCE });
  const windows = leftOf(account, request, limits, at);
  const [tightest] = (['day', 'days30'] as const)
    .filter((period) => amount > windows[period].left)
    .sort((a, b) => windows[a].left - windows[b].left);
  if (tightest) return refuse('LIMIT_EXCEEDED', { ...windows[tightest], period: tightest });
  const posted = account?.posted ?? 0;
  if (posted + sumOf(waiting) + amount > BALANCE_CAP) {
    return refuse('BALANCE_CAP_EXCEEDED', { limit: BALANCE_CAP });
  }
  return null;
}

const sumOf = (waiting: readonly Waiting[]): number =>
  waiting.reduce((sum, { amount }) => sum + amount, 0);
