import type { AccountLimits, WindowLimits } from '@7pay/ledger';
import { type Refused, declareRefusals, refuse } from '@7pay/refusals';
import { PAYMENT_CHANNEL } from '../payment/payment-entries.ts';

/** What a member lets the wallet pay at most, yen; null: as much as the house allows. */
export interface PaymentLimits {
  readonly perPayment: number | null;
  /** In one business date (Asia/Tokyo). */
  readonly perDay: number | null;
  /** In 30 business dates, today included. */
  readonly per30Days: number | null;
}

/** Limits that are higher than those in force, and from when they hold. */
export interface PendingLimits {
  readonly limits: PaymentLimits;
  readonly from: Date;
}

/** What a member set. What is in force lies in the ledger account as well, where payments are judged. */
export interface LimitSetting {
  readonly walletId: string;
  readonly now: PaymentLimits;
  readonly pending: PendingLimits | null;
  /** Since when a raise is in force; null if none ever was. */
  readonly raisedAt: Date | null;
  /** How often the limits in force changed. */
  readonly changes: number;
}

declareRefusals('payment-limits', {
  LIMIT_TOO_HIGH: {
    ja: '設定できる限度額は{most}円までです。',
    en: 'A limit of your own may be {most} yen at most.',
  },
});

export const NO_LIMITS: PaymentLimits = { perPayment: null, perDay: null, per30Days: null };

/** The most that can be set, yen; above it there is no use in a limit. */
export const LIMIT_MOST = 10_000_000;

/** How long a raise waits: long enough that the member sees the notice. Source: docs/adr/0027-raising-limits-and-statements.md */
export const RAISE_AFTER_HOURS = 24;

const PERIODS = ['perPayment', 'perDay', 'per30Days'] as const;
const orNone = (limit: number | null): number => limit ?? Infinity;

/** Refuses a limit that says nothing. */
export function checkLimits(wanted: PaymentLimits): Refused<'LIMIT_TOO_HIGH'> | null {
  const tooHigh = PERIODS.some((period) => (wanted[period] ?? 0) > LIMIT_MOST);
  return tooHigh ? refuse('LIMIT_TOO_HIGH', { most: LIMIT_MOST }) : null;
}

/**
 * Sets limits: what is lower holds at once, what is higher after {@link RAISE_AFTER_HOURS}. What waits for its time is
 * replaced; asking for the same again does not make it wait longer.
 */
export function set(before: LimitSetting, wanted: PaymentLimits, at: Date): LimitSetting {
  const due = applied(before, at);
  const now = eachOf((period) => lower(due.now[period], wanted[period]));
  const raises = PERIODS.some((period) => orNone(wanted[period]) > orNone(due.now[period]));
  const same = due.pending !== null && equal(due.pending.limits, wanted);
  const from = new Date(at.getTime() + RAISE_AFTER_HOURS * 3_600_000);
  const pending = raises ? { limits: wanted, from: same ? due.pending!.from : from } : null;
  const changes = equal(now, before.now) ? before.changes : before.changes + 1;
  return { ...before, now, pending, raisedAt: due.raisedAt, changes };
}

/** The setting with a raise in force whose time has come. */
export function applied(setting: LimitSetting, at: Date): LimitSetting {
  if (!setting.pending || setting.pending.from > at) return setting;
  return {
    ...setting,
    now: setting.pending.limits,
    pending: null,
    raisedAt: setting.pending.from,
    changes: setting.changes + 1,
  };
}

/** The same limits as the ledger keeps them. */
export const asAccountLimits = ({
  perPayment,
  perDay,
  per30Days,
}: PaymentLimits): AccountLimits => ({
  [PAYMENT_CHANNEL]: {
    ...(perPayment === null ? {} : { perEntry: perPayment }),
    ...(perDay === null ? {} : { day: perDay }),
    ...(per30Days === null ? {} : { days30: per30Days }),
  } satisfies WindowLimits,
});

const lower = (one: number | null, other: number | null): number | null => {
  const limit = Math.min(orNone(one), orNone(other));
  return limit === Infinity ? null : limit;
};
const eachOf = (of: (period: (typeof PERIODS)[number]) => number | null): PaymentLimits => ({
  perPayment: of('perPayment'),
  perDay: of('perDay'),
  per30Days: of('per30Days'),
});
const equal = (one: PaymentLimits, other: PaymentLimits): boolean =>
  PERIODS.every((period) => one[period] === other[period]);
