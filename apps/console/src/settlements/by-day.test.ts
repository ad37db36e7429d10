import { describe, expect, it } from 'vitest';
import type { SettlementBatch } from '../settlement-operations.ts';
import { byDay } from './by-day.ts';

const batch = (id: string, businessDate: string): SettlementBatch => ({
  id,
  merchantId: 'mer_a',
  businessDate,
  state: 'CLOSED',
  count: 1,
  payments: 1_000,
  refunds: 0,
  fee: 15,
  feeReturned: 0,
  carriedIn: 0,
  carriedOut: 0,
  settled: 985,
});

describe('settlement batches by business day', () => {
  it('keep their order, and no day stands twice', () => {
    const rows = [batch('c', '2019-07-03'), batch('b', '2019-07-02'), batch('a', '2019-07-02')];
    const days = byDay(rows).map((day) => [day.businessDate, day.batches.map(({ id }) => id)]);
    expect(days).toEqual([
      ['2019-07-03', ['c']],
      ['2019-07-02', ['b', 'a']],
    ]);
    expect(byDay([])).toEqual([]);
  });
});
