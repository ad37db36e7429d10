import type { Connection } from 'mongoose';
import { readJournal } from '../entry/journal-feed.store.ts';
import { startReplay } from './replay.ts';

/** One line of a trial balance: all accounts of one kind together. */
export interface TrialBalanceRow {
  /** The part of the accounts' names before the first colon: `wallet`, `merchant-payable`, `register-cash` … */
  readonly accounts: string;
  readonly currency: 'JPY' | 'NPT';
  readonly count: number;
  readonly debits: number;
  readonly credits: number;
}

/** All balances by kind of account, as of now: debits and credits of each currency are equal, or the books are wrong. */
export async function trialBalance(connection: Connection): Promise<readonly TrialBalanceRow[]> {
  const replay = startReplay();
  const currencies = new Map<string, 'JPY' | 'NPT'>();
  for await (const entry of readJournal(connection)) {
    replay.add(entry);
    for (const { account, currency } of entry.legs) currencies.set(account, currency);
  }
  const rows = new Map<string, TrialBalanceRow>();
  for (const [account, balance] of replay.balances) {
    const [accounts = account] = account.split(':');
    const currency = currencies.get(account) ?? 'JPY';
    const before = rows.get(`${accounts} ${currency}`);
    rows.set(`${accounts} ${currency}`, {
      accounts,
      currency,
      count: (before?.count ?? 0) + 1,
      debits: (before?.debits ?? 0) + Math.max(0, balance),
      credits: (before?.credits ?? 0) + Math.max(0, -balance),
    });
  }
  return [...rows.values()].sort((a, b) =>
    `${a.currency} ${a.accounts}` < `${b.currency} ${b.accounts}` ? -1 : 1,
  );
}
