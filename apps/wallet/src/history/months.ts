import type { Payment } from '../operations.ts';

/** Rows of one month of business, newest first. */
export interface Month<Row> {
  /** `YYYY-MM` */
  readonly month: string;
  readonly rows: readonly Row[];
}

/** Groups rows, which come newest first, by the month of their business date (Asia/Tokyo). */
export function byMonth<Row extends { businessDate: string }>(rows: readonly Row[]): Month<Row>[] {
  const months: { month: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const month = row.businessDate.slice(0, 7);
    const last = months.at(-1);
    if (last?.month === month) last.rows.push(row);
    else months.push({ month, rows: [row] });
  }
  return months;
}

/** Yen that were paid and not given back. Whatever is not final counts nothing. */
export const totalOf = (rows: readonly Pick<Payment, 'state' | 'amount' | 'refunded'>[]): number =>
  rows
    .filter(({ state }) => state === 'ACCEPTED')
    .reduce((sum, { amount, refunded }) => sum + amount - refunded, 0);

/** The pages read so far, one list: a row that came twice, because a new one moved the rest, stays once. */
export function withoutDoubles<Row extends { id: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
