import { describe, expect, it } from 'vitest';
import type { Payment } from '../operations.ts';
import { dayOf, mayHoldMore } from './today.ts';

const row = (id: string, businessDate: string, state: Payment['state'] = 'ACCEPTED'): Payment => ({
  id,
  merchantPaymentId: id,
  amount: 100,
  state,
  acceptedAt: `${businessDate}T00:00:00.000Z`,
  businessDate,
  refunded: 0,
});

describe('the payments of a day', () => {
  it('are listed with the cancelled ones and summed without them', () => {
    const rows = [
      row('c', '2026-01-02'),
      row('b', '2026-01-02', 'CANCELLED'),
      row('a', '2026-01-01'),
    ];
    const day = dayOf(rows, '2026-01-02');
    expect(day.payments.map(({ id }) => id)).toEqual(['c', 'b']);
    expect([day.count, day.totalYen]).toEqual([1, 100]);
  });

  it('come to what was not given back', () => {
    const partly = { ...row('b', '2026-01-02'), refunded: 30 };
    const wholly = { ...row('a', '2026-01-02'), refunded: 100 };
    const day = dayOf([row('c', '2026-01-02'), partly, wholly], '2026-01-02');
    expect([day.count, day.totalYen]).toEqual([3, 170]);
  });

  it('are complete once an earlier day has appeared', () => {
    expect(mayHoldMore([row('b', '2026-01-02')], '2026-01-02')).toBe(true);
    expect(mayHoldMore([row('b', '2026-01-02'), row('a', '2026-01-01')], '2026-01-02')).toBe(false);
    expect(mayHoldMore([], '2026-01-02')).toBe(false);
  });
});
