import { generateKeyPairSync } from 'node:crypto';
import { int64 } from '@7pay/mongo';
import { createLog } from '@7pay/telemetry';
import { eventually } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyBooks } from '../audit/verify-books.ts';
import { payment, testLedger, type TestLedger, topUp } from '../testing/test-ledger.ts';
import { rollupStore } from './rollup.store.ts';
import { sealEntries, sealRemaining } from './seal-journal.ts';
import { sealJournal } from './seal-journal.worker.ts';
import { type Seal, sealKey } from './seal.ts';
import { sealStore } from './seal.store.ts';

const pair = generateKeyPairSync('ed25519');
const key = sealKey(pair.privateKey);
const sealKeys = new Map([[key.keyId, pair.publicKey]]);
const clock = fixedClock('2019-07-01T04:00:00Z');
const log = createLog({ service: 'test', level: 'error' });

let under: TestLedger;
let stops: (() => Promise<void>)[] = [];
let run = 0;
beforeEach(async () => {
  run += 1;
  under = await testLedger(`ledger_seals_${run}`);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await under.database.drop();
});
afterAll(() => {
  stops = [];
});

const connection = () => under.database.connection;
function startSealer() {
  const sealer = sealJournal(connection(), { key, clock, log });
  sealer.start();
  stops.push(() => sealer.stop());
  return sealer;
}
async function sealsNow(): Promise<Seal[]> {
  const seals: Seal[] = [];
  for await (const seal of sealStore(connection(), null).all()) seals.push(seal);
  return seals;
}
const sealedCount = async () => (await sealStore(connection(), null).latest())?.total ?? 0;
const sealedAll = (count: number) => eventually(async () => (await sealedCount()) === count);
const faults = async () => (await verifyBooks(connection(), { sealKeys })).faults;
const seals = () => connection().collection<{ _id: bigint }>('ledger_seals');

async function traffic(wallet: string, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n += 1) {
    await under.post(
      n % 3 === 0 ? topUp(`${wallet}-${n}`, wallet, 900) : payment(`${wallet}-${n}`, wallet, 1),
    );
  }
}

describe('the sealing of the journal', () => {
  it('closes every entry once in the order of its accounts, and rolls up what has no account of its own', async () => {
    const wallets = await Promise.all(
      ['a', 'b', 'c'].map((name) => under.openWallet(`wal_${name}`)),
    );
    startSealer();
    await Promise.all(wallets.map((wallet) => traffic(wallet, 0, 30)));
    await sealedAll(90);
    const order = (await sealsNow()).flatMap(({ entries }) => entries);
    expect(new Set(order).size).toBe(90);
    for (const wallet of wallets) {
      const own = order.filter((id) => id.startsWith(`${wallet}-`));
      expect(own).toEqual(Array.from({ length: 30 }, (_, n) => `${wallet}-${n}`));
    }
    const [merchant] = await rollupStore(connection(), null).ofAccount('merchant:mer_1');
    expect(merchant).toMatchObject({
      businessDate: '2019-07-01',
      debits: 0,
      credits: 60,
      count: 60,
    });
    expect(await rollupStore(connection(), null).ofAccount('wallet:wal_a')).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  it('by several at once leaves no gap, no double and no sum counted twice', async () => {
    const wallet = await under.openWallet('wal_several');
    for (let n = 0; n < 3; n += 1) startSealer();
    await traffic(wallet, 0, 60);
    await sealedAll(60);
    const found = await sealsNow();
    expect(found.map(({ n }) => n)).toEqual(found.map((_, index) => index + 1));
    expect(await faults()).toEqual([]);
  });

  it('goes on where it stopped, with what was booked meanwhile', async () => {
    const wallet = await under.openWallet('wal_meanwhile');
    await traffic(wallet, 0, 6); // before anybody sealed
    const first = startSealer();
    await sealedAll(6);
    await traffic(wallet, 6, 6);
    await sealedAll(12);
    await first.stop();
    await traffic(wallet, 12, 6);
    startSealer();
    await sealedAll(18);
    expect(await faults()).toEqual([]);
  });

  it('reads the journal where the history of the stream is gone', async () => {
    const wallet = await under.openWallet('wal_lost');
    const first = startSealer();
    await sealedAll(0);
    await traffic(wallet, 0, 6);
    await sealedAll(6);
    await first.stop();
    await traffic(wallet, 6, 6);
    await seals().updateMany({}, { $set: { token: { _data: '82ffffffff' } } });
    startSealer();
    await sealedAll(12);
    await traffic(wallet, 12, 3);
    await sealedAll(15);
    expect(await faults()).toEqual([]);
  });

  it('again of the same entries writes nothing', async () => {
    const wallet = await under.openWallet('wal_again');
    await traffic(wallet, 0, 4);
    const seal = sealEntries(connection(), key, clock);
    expect(await sealRemaining(connection(), seal)).toBe(4);
    expect(await sealRemaining(connection(), seal)).toBe(0);
    const entry = await under.ledger.entry(null, `${wallet}-0`);
    await seal([entry!], null);
    expect(await sealedCount()).toBe(4);
  });
});

describe('an audit of the seals', () => {
  beforeEach(async () => {
    const wallet = await under.openWallet('wal_a');
    const seal = sealEntries(connection(), key, clock);
    for (let n = 0; n < 3; n += 1) {
      await traffic(wallet, n * 3, 3);
      await sealRemaining(connection(), seal);
    }
    expect(await faults()).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a seal that is gone', () => seals().deleteOne({ _id: 2n }), /seal 3 does not follow 1/],
    [
      'entries of a seal that were swapped',
      () =>
        seals().updateOne({ _id: 2n }, { $set: { entries: ['wal_a-4', 'wal_a-3', 'wal_a-5'] } }),
      /seal 2 was made over other entries/,
    ],
    [
      'a signature of somebody else',
      () => seals().updateOne({ _id: 3n }, { $set: { signature: 'AAAA' } }),
      /seal 3 was not signed/,
    ],
    [
      'a key that nobody knows',
      () => seals().updateOne({ _id: 3n }, { $set: { keyId: 'other' } }),
      /seal 3 was signed with a key that is not known/,
    ],
    [
      'an entry that is gone',
      () =>
        connection()
          .collection('ledger_journal')
          .deleteOne({ _id: 'wal_a-8' as never }),
      /seal 3 was made over other entries/,
    ],
    [
      'a roll-up that somebody raised',
      () =>
        connection()
          .collection('ledger_rollups')
          .updateOne({ acct: 'merchant:mer_1' }, { $inc: { cr: int64(1) } }),
      /the roll-up merchant:mer_1\|2019-07-01 is not its entries/,
    ],
    [
      'a roll-up that is gone',
      () => connection().collection('ledger_rollups').deleteOne({ acct: 'merchant:mer_1' }),
      /the roll-up merchant:mer_1\|2019-07-01 is missing/,
    ],
  ])('finds %s', async (_, plant, fault) => {
    await plant();
    expect((await faults()).join('\n')).toMatch(fault);
  });
});
