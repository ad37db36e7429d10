import { type Currency, type JournalEntry, moves } from '../entry/journal-entry.ts';

/** What went through one account on one business date: sums of debits and credits. */
export interface Rollup {
  readonly account: string;
  readonly businessDate: string;
  readonly currency: Currency;
  readonly debits: number;
  readonly credits: number;
  readonly count: number;
}

/** Rolls entries up by account and business date. Accounts that refuse keep their balance themselves: they are left out. */
export function rollUp(entries: readonly JournalEntry[]): readonly Rollup[] {
  const sums = new Map<string, Rollup>();
  for (const entry of entries) {
    if (!moves(entry)) continue;
    const refusing = new Set(entry.stands.map(({ account }) => account));
    for (const { account, side, amount, currency } of entry.legs) {
      if (refusing.has(account)) continue;
      const key = `${account}|${entry.businessDate}`;
      const before = sums.get(key);
      sums.set(key, {
        account,
        businessDate: entry.businessDate,
        currency,
        debits: (before?.debits ?? 0) + (side === 'debit' ? amount : 0),
        credits: (before?.credits ?? 0) + (side === 'credit' ? amount : 0),
        count: (before?.count ?? 0) + 1,
      });
    }
  }
  return [...sums.values()];
}
