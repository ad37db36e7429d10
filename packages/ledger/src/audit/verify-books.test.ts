import { int64 } from '@7pay/mongo';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccountLimits, payableAccount, walletAccount } from '../account/account.ts';
import { pointsOwed } from '../account/points-owed.ts';
import { credit, debit } from '../entry/journal-entry.ts';
import { accountSetPlan, holdPlan } from '../entry/plans.ts';
import {
  freeze,
  payment,
  plantUnchained,
  testLedger,
  type TestLedger,
  topUp,
} from '../testing/test-ledger.ts';
import { verifyBooks } from './verify-books.ts';

let under: TestLedger;
beforeAll(async () => {
  under = await testLedger('verify_books');
});
afterAll(() => under.database.drop());

const accounts = () => under.database.connection.collection<{ _id: string }>('ledger_accounts');
const journal = () => under.database.connection.collection<{ _id: string }>('ledger_journal');
const faults = async () => (await verifyBooks(under.database.connection)).faults.join('\n');

describe('an audit of the books', () => {
  beforeEach(async () => {
    await Promise.all([accounts().deleteMany({}), journal().deleteMany({})]);
    await under.openWallet('wal_a');
    await under.post(topUp('t1', 'wal_a', 5_000));
    await under.post(payment('p1', 'wal_a', 1_200));
    await under.post(payment('p2', 'wal_a', 300));
  });

  it('finds nothing in exact books and derives every balance', async () => {
    const books = await verifyBooks(under.database.connection);
    expect(books).toMatchObject({ entries: 3, faults: [] });
    expect(Object.fromEntries(books.balances)).toEqual({
      'clearing:register': 5_000,
      'wallet:wal_a': -3_500,
      'merchant:mer_1': -1_500,
    });
  });

  it('finds a balance that somebody raised by hand', async () => {
    await accounts().updateOne({ _id: 'wallet:wal_a' }, { $inc: { posted: int64(1) } });
    expect(await faults()).toContain('wallet:wal_a holds 3501, its entries make 3500');
  });

  it('finds lots that do not make the balance', async () => {
    await accounts().updateOne({ _id: 'wallet:wal_a' }, { $inc: { 'lots.cash': int64(-1) } });
    expect(await faults()).toContain('its lots make 3499');
  });

  it.each(['p1', 'p2'])('finds that entry %s is gone', async (_id) => {
    await journal().deleteOne({ _id });
    const found = await faults();
    expect(found).toMatch(/wallet:wal_a holds 3500, its entries make /);
    expect(found).toContain('wallet:wal_a has entries 3, its entries make 2');
  });

  it('finds a leg that was made smaller', async () => {
    await journal().updateOne({ _id: 'p1' }, { $set: { 'legs.0.amt': int64(1_199) } });
    const found = await faults();
    expect(found).toContain('p1: ');
    expect(found).toContain('all entries in JPY differ by -1');
    expect(found).toContain('its entries make 3501');
  });

  it('finds both legs of an entry made smaller together', async () => {
    await journal().updateOne(
      { _id: 'p1' },
      { $set: { 'legs.$[].amt': int64(1_000), 'legs.0.lots.cash': int64(1_000) } },
    );
    const found = await faults();
    expect(found).toContain('wallet:wal_a holds 3500, its entries make 3700');
    expect(found).toContain('p1: is not what was hashed');
  });

  it('finds an entry that names one account instead of another', async () => {
    await under.openWallet('wal_b');
    await journal().updateOne({ _id: 'p2' }, { $set: { 'legs.0.acct': 'wallet:wal_b' } });
    const found = await faults();
    expect(found).toContain('wallet:wal_a holds 3500, its entries make 3800');
    expect(found).toContain('wallet:wal_b holds 0, its entries make -300');
  });

  it('finds an entry that was slipped in', async () => {
    const copy = await journal().findOne({ _id: 'p2' }, { promoteLongs: false });
    await journal().insertOne({ ...copy!, _id: 'p3', places: ['wallet:wal_a#4'] } as never);
    const found = await faults();
    expect(found).toContain('p3: wallet:wal_a does not follow the entry before');
    expect(found).toContain('wallet:wal_a has entries 3, its entries make 4');
  });

  it.each([
    ['that has a chain', 100, 'holds 150, its chain makes 100'],
    ['that has none', 0, 'holds 50, its chain makes 0'],
  ])('finds an entry left out of the chain of an account %s', async (_, before, fault) => {
    const account = payableAccount('wal_a');
    await under.inUnit((session) =>
      under.ledger.openAccount(session, {
        id: account,
        kind: 'REFUND_PAYABLE',
        currency: 'JPY',
        owner: 'mem_a',
        wallet: 'wal_a',
        cap: null,
      }),
    );
    const legs = [debit('clearing:register', before), credit(account, before)];
    if (before > 0) await under.post({ ...topUp('c1', 'wal_a', before), legs });
    await plantUnchained(under, { id: 'x1', account, amount: 50 });
    await accounts().updateOne({ _id: account }, { $inc: { posted: int64(50) } });
    expect(await faults()).toContain(`${account} ${fault}`);
  });

  it('finds more held than there is', async () => {
    await accounts().updateOne({ _id: 'wallet:wal_a' }, { $set: { held: int64(3_501) } });
    expect(await faults()).toBe(
      'wallet:wal_a reserves 3501, its entries make 0\nwallet:wal_a is below zero',
    );
  });

  it('finds that a closed account was opened by hand, set and moved', async () => {
    const set = (id: string, status: 'OPEN' | 'CLOSED') =>
      under.post({ ...freeze(id, 'wal_a'), sets: { account: 'wallet:wal_a', status } });
    await set('close', 'CLOSED');
    await accounts().updateOne({ _id: 'wallet:wal_a' }, { $set: { status: 'OPEN' } });
    await under.post(topUp('t2', 'wal_a', 1));
    await set('open', 'OPEN');
    expect(await faults()).toBe(
      't2: wallet:wal_a was moved while CLOSED\nopen: wallet:wal_a was given a state while CLOSED',
    );
  });

  describe('finds what somebody changed of an account by hand:', () => {
    const account = walletAccount('wal_a');
    const change = (fields: object) => accounts().updateOne({ _id: account }, { $set: fields });
    const set = (id: string, sets: { cap?: number; limits?: AccountLimits }) =>
      under.post(accountSetPlan(toldOf(id), { account, ...sets }));
    const toldOf = (id: string) => ({
      id,
      wallet: 'wal_a',
      at: new Date('2019-07-01T03:00:00Z'),
      generation: 1,
      ref: {},
    });

    it('when a hold ends, and how much each of several is', async () => {
      const until = new Date('2019-07-01T03:10:00Z');
      const later = new Date('2019-07-01T04:10:00Z');
      const legs = (amount: number) => [debit(account, amount), credit('merchant:mer_1', amount)];
      await under.post(holdPlan(toldOf('h1'), legs(100), until));
      await under.post(holdPlan(toldOf('h2'), legs(200), until));
      expect(await faults()).toBe('');
      await change({ 'holds.0.until': later });
      expect(await faults()).toBe(
        `${account} keeps h1:100:${later.toISOString()} h2:200:${until.toISOString()}, its entries make h1:100:${until.toISOString()} h2:200:${until.toISOString()}`,
      );
      await change({
        'holds.0.until': until,
        'holds.0.amt': int64(200),
        'holds.1.amt': int64(100),
      });
      expect(await faults()).toContain('keeps h1:200:');
    });

    it('the limits that its owner set', async () => {
      await set('l1', { limits: { payment: { day: 5_000 } } });
      await set('l2', { limits: { 'top-up': { perEntry: 1_000, day: 2_000 } } });
      expect(await faults()).toBe('');
      await change({ limits: [{ ch: 'payment', most: { day: int64(50_000) } }] });
      expect(await faults()).toBe(
        `${account} has the limits payment.day:50000, its entries make payment.day:5000 top-up.day:2000 top-up.perEntry:1000`,
      );
      await change({ limits: [] });
      expect(await faults()).toContain('has the limits , its entries make payment');
    });

    it('the cap that was set', async () => {
      await set('c1', { cap: 50_000 });
      expect(await faults()).toBe('');
      await change({ cap: null });
      expect(await faults()).toBe(`${account} is capped at null, its entries make 50000`);
    });
  });

  it('finds points that are owed and were never taken back in vain', async () => {
    const owing = (id: string, from: string) => ({
      ...topUp(id, 'wal_a', 1),
      kind: 'POINTS_REVERSAL' as const,
      legs: [debit(from, 5, 'NPT'), credit(pointsOwed('pta_a'), 5, { currency: 'NPT' as const })],
    });
    await under.post(owing('o1', 'points-unrecovered'));
    expect(await faults()).toBe('');
    await under.post(owing('o2', 'points-issued'));
    expect(await faults()).toBe('members owe 10 points, 5 could not be taken back');
  });

  it('finds that an account vanished whose entries are there', async () => {
    await accounts().deleteOne({ _id: 'wallet:wal_a' });
    expect(await faults()).toBe('wallet:wal_a has entries and no account');
  });
});
