import type { Connection } from 'mongoose';
import { assertBalanced, type Currency } from './journal-entry.ts';
import { readAccounts, readJournal } from './journal-feed.store.ts';

/** What an audit of all entries found. `faults` is empty when the books are exact. */
export interface Books {
  readonly entries: number;
  /** Debits minus credits of every account, refusing or derived. */
  readonly balances: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
}

/**
 * Re-derives every balance from the journal and compares (invariants I1, I2, I3, I4, I6): each entry balances,
 * all entries together balance, each stored account equals its entries, each sequence is dense.
 */
export async function verifyBooks(connection: Connection): Promise<Books> {
  const faults: string[] = [];
  const balances = new Map<string, number>();
  const totals = new Map<Currency, number>();
  const places = new Map<string, number[]>();
  let entries = 0;
  for await (const entry of readJournal(connection)) {
    entries += 1;
    try {
      assertBalanced(entry.legs);
    } catch (error) {
      faults.push(`${entry.id}: ${String(error)}`);
    }
    for (const { account, side, amount, currency } of entry.legs) {
      const signed = side === 'debit' ? amount : -amount;
      balances.set(account, (balances.get(account) ?? 0) + signed);
      totals.set(currency, (totals.get(currency) ?? 0) + signed);
    }
    for (const place of entry.places) {
      const at = place.lastIndexOf('#');
      const account = place.slice(0, at);
      places.set(account, [...(places.get(account) ?? []), Number(place.slice(at + 1))]);
    }
  }
  for (const [currency, total] of totals) {
    if (total !== 0) faults.push(`all entries in ${currency} differ by ${total}`);
  }
  const accounts = await readAccounts(connection);
  const known = new Set(accounts.map(({ id }) => id));
  for (const account of places.keys()) {
    if (!known.has(account)) faults.push(`${account} has entries and no account`);
  }
  for (const account of accounts) {
    const derived = -(balances.get(account.id) ?? 0);
    if (derived !== account.posted) {
      faults.push(`${account.id} holds ${account.posted}, its entries make ${derived}`);
    }
    if (account.posted - account.held < 0) faults.push(`${account.id} is below zero`);
    const lots = Object.values(account.lots).reduce((sum, lot) => sum + lot, 0);
    if (account.kind === 'USER_WALLET' && lots !== account.posted) {
      faults.push(`${account.id} holds ${account.posted}, its lots make ${lots}`);
    }
    const numbers = (places.get(account.id) ?? []).sort((a, b) => a - b);
    const dense = numbers.length === account.seq && numbers.every((n, index) => n === index + 1);
    if (!dense) faults.push(`${account.id} has entries ${numbers.join(',')} of ${account.seq}`);
  }
  return { entries, balances, faults };
}
