import { int64 } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payableAccount, walletAccount } from './account/account.ts';
import { credit, debit, type EntryPlan } from './entry/journal-entry.ts';
import {
  cancel,
  freeze,
  payment,
  testLedger,
  type TestLedger,
  topUp,
} from './testing/test-ledger.ts';
import { verifyBooks } from './audit/verify-books.ts';

let under: TestLedger;
beforeAll(async () => {
  under = await testLedger('ledger_store');
});
afterAll(() => under.database.drop());

const accounts = () => under.database.connection.collection<{ _id: string }>('ledger_accounts');
const journal = () => under.database.connection.collection<{ _id: string }>('ledger_journal');

describe('posting', () => {
  it('moves the balance, numbers the entry and keeps the lots', async () => {
    const wallet = await under.openWallet('wal_moves');
    await under.post(topUp('moves-1', wallet, 3_000, 'points'));
    await under.post(topUp('moves-2', wallet, 2_000, 'cash'));
    const entry = await under.post(payment('moves-3', wallet, 3_500));
    expect(entry).toMatchObject({
      businessDate: '2019-07-01',
      stands: [{ account: 'wallet:wal_moves', seq: 3, posted: 1_500, held: 0 }],
      legs: [{ lots: { points: 3_000, cash: 500 } }, { account: 'merchant:mer_1' }],
    });
    expect(await under.ledger.account(null, walletAccount(wallet))).toMatchObject({
      posted: 1_500,
      seq: 3,
      lots: { cash: 1_500 },
    });
    expect(await under.ledger.entry(null, 'moves-3')).toEqual(entry);
  });

  it('books any number of entries between accounts that cannot refuse', async () => {
    const apart = (id: string): EntryPlan => ({
      ...payment(id, 'wal_none', 100),
      kind: 'SUSPENSE',
      legs: [debit('atm-cash:1', 100), credit('suspense:1', 100)],
    });
    for (const id of ['apart-1', 'apart-2']) {
      expect(await under.post(apart(id))).toMatchObject({ id, stands: [] });
      expect(await under.ledger.entry(null, id)).toMatchObject({ id, stands: [] });
    }
  });

  it('the same entry id twice writes once', async () => {
    const wallet = await under.openWallet('wal_twice');
    await under.post(topUp('twice-1', wallet, 1_000));
    const quick = await under.database.connection.startSession();
    quick.startTransaction();
    await expect(under.ledger.post(quick, topUp('twice-1', wallet, 1_000))).rejects.toMatchObject({
      code: 11000,
    });
    await quick.abortTransaction();
    await quick.endSession();
    expect(await journal().countDocuments({ _id: 'twice-1' })).toBe(1);
    expect(await under.ledger.account(null, walletAccount(wallet))).toMatchObject({
      posted: 1_000,
      seq: 1,
    });
  });

  it('a refused entry leaves no trace, also when another account of it had agreed', async () => {
    const rich = await under.openWallet('wal_rich');
    const payable = payableAccount(rich);
    await under.inUnit((session) =>
      under.ledger.openAccount(session, {
        id: payable,
        kind: 'REFUND_PAYABLE',
        currency: 'JPY',
        owner: 'mem_rich',
        wallet: rich,
        cap: null,
      }),
    );
    await under.post(topUp('trace-1', rich, 5_000));
    const both = payment('trace-2', rich, 1_000);
    const refused = await under.post({
      ...both,
      legs: [...both.legs, debit(payable, 1), credit('merchant:mer_1', 1)],
    });
    expect(refused).toMatchObject({ refused: 'INSUFFICIENT_BALANCE', facts: { short: 1 } });
    expect(await journal().countDocuments({ _id: 'trace-2' })).toBe(0);
    expect(await under.ledger.account(null, walletAccount(rich))).toMatchObject({
      posted: 5_000,
      seq: 1,
    });
  });

  it('an entry moves the accounts of its own wallet alone', async () => {
    const [mine, other] = [await under.openWallet('wal_mine'), await under.openWallet('wal_other')];
    await under.post(topUp('mine-1', mine, 1_000));
    const legs = [debit(walletAccount(mine), 10), credit(walletAccount(other), 10)];
    await expect(under.post({ ...payment('mine-2', mine, 10), legs })).rejects.toThrow(
      'under its own wallet',
    );
    expect(await journal().countDocuments({ _id: 'mine-2' })).toBe(0);
  });

  it('an entry that does not balance is thrown back before anything is written', async () => {
    const wallet = await under.openWallet('wal_unbalanced');
    const plan = topUp('unbalanced-1', wallet, 1_000);
    const legs = [plan.legs[0]!, credit(walletAccount(wallet), 999, { origin: 'cash' })];
    await expect(under.post({ ...plan, legs })).rejects.toThrow('debits and credits in JPY');
    expect(await journal().countDocuments({ _id: 'unbalanced-1' })).toBe(0);
  });

  it('refuses every debit of a frozen wallet and lets credits in', async () => {
    const wallet = await under.openWallet('wal_frozen');
    await under.post(topUp('frozen-1', wallet, 1_000));
    await under.post(freeze('frozen-0', wallet));
    expect(await under.post(payment('frozen-2', wallet, 1))).toMatchObject({
      refused: 'WALLET_FROZEN',
    });
    expect(isRefused(await under.post(topUp('frozen-3', wallet, 1_000)))).toBe(false);
  });

  it('gives back above the cap what was taken, and takes no other value there', async () => {
    const wallet = await under.openWallet('wal_full', 5_000);
    await under.post(topUp('full-1', wallet, 5_000));
    const paid = await under.post(payment('full-2', wallet, 2_000));
    await under.post(topUp('full-3', wallet, 2_000));
    expect(isRefused(await under.post(cancel(paid as EntryPlan)))).toBe(false);
    expect(await under.ledger.account(null, walletAccount(wallet))).toMatchObject({
      posted: 7_000,
      lots: { cash: 7_000 },
    });
    expect(await under.post(topUp('full-4', wallet, 1))).toMatchObject({
      refused: 'BALANCE_CAP_EXCEEDED',
      facts: { limit: 5_000 },
    });
  });

  it('keeps the largest amount exactly, as int64', async () => {
    const largest = Number.MAX_SAFE_INTEGER;
    const wallet = await under.openWallet('wal_largest', null);
    await under.post(topUp('largest-1', wallet, largest));
    expect(await under.ledger.account(null, walletAccount(wallet))).toMatchObject({
      posted: largest,
      lots: { cash: largest },
    });
    const long = { posted: { $type: 'long' }, 'lots.cash': { $type: 'long' } } as const;
    expect(await accounts().countDocuments({ _id: walletAccount(wallet), ...long })).toBe(1);
    expect(
      await journal().countDocuments({
        _id: 'largest-1',
        'legs.amt': { $type: 'long', $eq: int64(largest) },
      }),
    ).toBe(1);
  });

  it('opening an account again changes nothing', async () => {
    const wallet = await under.openWallet('wal_again');
    await under.post(topUp('again-1', wallet, 1_000));
    await under.openWallet('wal_again', 5);
    expect(await under.ledger.account(null, walletAccount(wallet))).toMatchObject({
      posted: 1_000,
      cap: 100_000,
    });
  });
});

describe('the database itself', () => {
  it.each([
    ['a double as the balance', { posted: 1.5 }],
    ['a whole double as the balance', { posted: 2 ** 40 }],
    ['a balance below zero', { posted: int64(-1) }],
    ['a hold below zero', { held: int64(-1) }],
    ['a text as the sequence', { seq: '4' }],
  ])('refuses %s', async (_, change) => {
    const wallet = await under.openWallet('wal_rules');
    await expect(
      accounts().updateOne({ _id: walletAccount(wallet) }, { $set: change }),
    ).rejects.toMatchObject({ code: 121 });
  });

  it.each([
    ['a double', 1.5],
    ['zero', int64(0)],
    ['less than zero', int64(-5)],
    ['a text', '100'],
  ])('refuses a leg of %s', async (_, amt) => {
    const entry = {
      _id: `rules-${String(amt)}`,
      gen: int64(1),
      places: [`rules#${String(amt)}`],
      legs: [{ acct: 'a', side: 'debit', amt, ccy: 'JPY' }],
    };
    await expect(journal().insertOne(entry as never)).rejects.toMatchObject({ code: 121 });
  });

  it('refuses a second entry at the same place of an account', async () => {
    const wallet = await under.openWallet('wal_place');
    await under.post(topUp('place-1', wallet, 1_000));
    const copy = await journal().findOne({ _id: 'place-1' }, { promoteLongs: false });
    await expect(journal().insertOne({ ...copy!, _id: 'place-2' })).rejects.toMatchObject({
      code: 11000,
    });
  });

  it('is left with exact books by all of the above', async () => {
    const { faults, entries } = await verifyBooks(under.database.connection);
    expect(faults).toEqual([]);
    expect(entries).toBeGreaterThan(8);
  });
});
