import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walletAccount } from '../account/account.ts';
import { payment, testLedger, type TestLedger, topUp } from '../testing/test-ledger.ts';
import { type AccountEntries, openAccountEntries } from './account-entries.store.ts';

let under: TestLedger;
let entries: AccountEntries;
const account = { id: walletAccount('wal_read'), wallet: 'wal_read' };
const at = (hour: number) => new Date(Date.UTC(2019, 6, 1, hour));
beforeAll(async () => {
  under = await testLedger('account_entries');
  entries = openAccountEntries(under.database.connection);
  await under.openWallet('wal_read');
  await under.post({ ...topUp('read-1', 'wal_read', 5_000), at: at(1) });
  for (let n = 2; n <= 250; n += 1) {
    // Several at the same instant: their numbers still tell them apart.
    await under.post({ ...payment(`read-${n}`, 'wal_read', 10), at: at(1 + Math.floor(n / 50)) });
  }
});
afterAll(() => under.database.drop());

describe('the entries of an account', () => {
  it('come by their numbers, all of them, with the balance after each', async () => {
    const found = await entries.numbered(account, 1, 250);
    expect(found.map(({ stand }) => stand.seq)).toEqual(
      Array.from({ length: 250 }, (_, i) => i + 1),
    );
    expect(found.at(-1)?.stand.posted).toBe(5_000 - 249 * 10);
    expect(await entries.numbered(account, 5, 4)).toEqual([]);
  });

  it.each([
    ['before all', at(0), 1],
    ['at the very first', at(1), 1],
    ['at the first of several of one instant', at(3), 100],
    ['between two instants', new Date(at(2).getTime() + 1), 100],
    ['after all', at(23), 251],
  ])('are found by an instant: %s', async (_, instant, seq) => {
    expect(await entries.firstSince(account, instant, 250)).toBe(seq);
  });

  it('are none for an account without entries', async () => {
    expect(
      await entries.firstSince({ id: walletAccount('wal_none'), wallet: 'wal_none' }, at(0), 0),
    ).toBe(1);
  });
});
