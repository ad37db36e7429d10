import { describe, expect, it } from 'vitest';
import {
  applied,
  asAccountLimits,
  checkLimits,
  LIMIT_MOST,
  NO_LIMITS,
  type PaymentLimits,
  set,
} from './payment-limits.ts';
import { noneOf } from './set-payment-limits.ts';

const at = new Date('2019-07-03T01:00:00Z');
const hours = (count: number) => new Date(at.getTime() + count * 3_600_000);
const limits = (perPayment: number | null, perDay: number | null): PaymentLimits => ({
  perPayment,
  perDay,
  per30Days: null,
});
const before = { ...noneOf('wal_1'), now: limits(1_000, 5_000), changes: 1 };

describe('limits that a member sets', () => {
  it('hold at once where they are lower, after 24 hours where they are higher', () => {
    const after = set(before, limits(500, 9_000), at);
    expect(after).toEqual({
      walletId: 'wal_1',
      now: limits(500, 5_000),
      pending: { limits: limits(500, 9_000), from: hours(24) },
      raisedAt: null,
      changes: 2,
    });
    expect(applied(after, hours(23.99))).toBe(after);
    expect(applied(after, hours(24))).toMatchObject({
      now: limits(500, 9_000),
      pending: null,
      raisedAt: hours(24),
    });
  });

  it('can be given up only after 24 hours, which is a raise too', () => {
    expect(set(before, NO_LIMITS, at)).toMatchObject({
      now: before.now,
      pending: { limits: NO_LIMITS, from: hours(24) },
      changes: 1,
    });
  });

  it('wait no longer when the same is asked for again, and anew when something else is', () => {
    const pending = set(before, limits(1_000, 9_000), at);
    expect(set(pending, limits(1_000, 9_000), hours(5))).toEqual(pending);
    expect(set(pending, limits(1_000, 8_000), hours(5)).pending?.from).toEqual(hours(29));
    expect(set(pending, before.now, hours(5)).pending).toBeNull();
  });

  it('are those of a raise whose time has come, though nobody has put it in force', () => {
    const pending = set(before, limits(1_000, 9_000), at);
    expect(set(pending, limits(1_000, 8_000), hours(30))).toMatchObject({
      now: limits(1_000, 8_000),
      pending: null,
    });
  });

  it('are kept in the ledger for the channel of payments alone', () => {
    expect(asAccountLimits(limits(null, 5_000))).toEqual({ payment: { day: 5_000 } });
  });

  it('are refused above what makes sense', () => {
    expect(checkLimits(limits(LIMIT_MOST + 1, null))).toMatchObject({ refused: 'LIMIT_TOO_HIGH' });
    expect(checkLimits(limits(LIMIT_MOST, null))).toBeNull();
  });
});
