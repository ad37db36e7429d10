import { describe, expect, it } from 'vitest';
import { byMonth, totalOf, withoutDoubles } from './months.ts';

const row = (id: string, businessDate: string) => ({ id, businessDate });

describe('the history', () => {
  it('groups rows by the month of their business date, in order', () => {
    const rows = [row('c', '2019-08-01'), row('b', '2019-07-31'), row('a', '2019-07-01')];
    expect(byMonth(rows)).toEqual([
      { month: '2019-08', rows: [rows[0]] },
      { month: '2019-07', rows: [rows[1], rows[2]] },
    ]);
  });

  it('sums what was paid and not given back', () => {
    const paid = { state: 'ACCEPTED', amount: 1_000, refunded: 0 } as const;
    const rows = [
      paid,
      { ...paid, refunded: 300 },
      { ...paid, refunded: 1_000 },
      { ...paid, state: 'CANCELLED' as const },
      { ...paid, state: 'AUTHORIZED' as const },
    ];
    expect(totalOf(rows)).toBe(1_700);
  });

  it('is empty without rows', () => {
    expect(byMonth([])).toEqual([]);
  });

  it('shows a row once that came on two pages', () => {
    const rows = [row('b', '2019-07-02'), row('a', '2019-07-01'), row('a', '2019-07-01')];
    expect(withoutDoubles(rows).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});
