import assert from 'node:assert/strict';
import { findRows } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import type { Account } from '../account/account.ts';
import { journalModel, toEntry } from './journal-entry.store.ts';
import type { JournalEntry, Stand } from './journal-entry.ts';

/** An entry as one account sees it: its number there, and how the account stood after it. */
export interface AccountEntry {
  readonly entry: JournalEntry;
  readonly stand: Stand;
}

/** An account, and the wallet its entries are booked under. */
export type AccountKey = Pick<Account, 'id' | 'wallet'>;

/** The entries of one refusing account, found by the numbers they have in it. */
export interface AccountEntries {
  /** Those from one number to another, both included, in order. They are dense: none is missing. */
  numbered(account: AccountKey, from: number, to: number): Promise<AccountEntry[]>;
  /** The number of the first entry at an instant or after it, among the first `last`; `last + 1` when there is none. */
  firstSince(account: AccountKey, at: Date, last: number): Promise<number>;
}

const AT_ONCE = 200;

/** Opens the entries of accounts for reading. */
export function openAccountEntries(connection: Connection): AccountEntries {
  const journal = journalModel(connection);
  const some = async (
    { id, wallet }: AccountKey,
    numbers: readonly number[],
  ): Promise<AccountEntry[]> => {
    const places = numbers.map((seq) => `${id}#${seq}`);
    const rows = await findRows(journal, { w: wallet, places: { $in: places } });
    const entries = rows.map((row) => {
      const entry = toEntry(row);
      const stand = entry.stands.find((each) => each.account === id);
      assert(stand, 'an entry is found by its place');
      return { entry, stand };
    });
    assert.equal(entries.length, numbers.length, 'the numbers of an account are dense');
    return entries.sort((a, b) => a.stand.seq - b.stand.seq);
  };
  return {
    numbered: async (account, from, to) => {
      const found: AccountEntry[] = [];
      for (let first = from; first <= to; first += AT_ONCE) {
        const count = Math.min(AT_ONCE, to - first + 1);
        found.push(
          ...(await some(
            account,
            Array.from({ length: count }, (_, index) => first + index),
          )),
        );
      }
      return found;
    },
    // Time does not run backwards on an account, so its entries can be halved.
    firstSince: async (account, at, last) => {
      let [low, high] = [1, last + 1];
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const [found] = await some(account, [middle]);
        if (found && found.entry.at < at) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
