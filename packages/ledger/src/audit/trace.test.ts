import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancel, payment, testLedger, type TestLedger, topUp } from '../testing/test-ledger.ts';
import { explain } from './explain.ts';

let under: TestLedger;
beforeAll(async () => {
  under = await testLedger('ledger_trace');
  await under.openWallet('wal_a');
  await under.post(topUp('top_1:settle', 'wal_a', 1_000));
  await under.post(topUp('top_2:settle', 'wal_a', 500));
  await under.post(topUp('top_3:settle', 'wal_a', 200, 'points'));
  const first = await under.post(payment('pay_1:accept', 'wal_a', 900)); // 200 of top 3, 700 of top 1
  await under.post(payment('pay_2:accept', 'wal_a', 400)); // 300 of top 1, 100 of top 2
  if ('legs' in first) await under.post(cancel(first));
  await under.post(payment('pay_3:accept', 'wal_a', 1_000)); // 200 of top 3, 400 of top 2, 400 of top 1
});
afterAll(() => under.database.drop());

const one = async (id: string) => (await explain(under.database.connection, id))[0]!;

describe('the story of a yen', () => {
  it('leads back from a payment to the top-ups it was paid with', async () => {
    const { cameFrom } = await one('pay_2');
    expect(cameFrom).toEqual([
      { from: 'top_1:settle', to: 'pay_2:accept', lot: 'cash', amount: 300 },
      { from: 'top_2:settle', to: 'pay_2:accept', lot: 'cash', amount: 100 },
    ]);
  });

  it('leads through a cancel to where the value first came from', async () => {
    const { cameFrom } = await one('pay_3');
    expect(cameFrom.map(({ from, lot, amount }) => [from, lot, amount])).toEqual([
      ['top_3:settle', 'points', 200],
      ['top_2:settle', 'cash', 400],
      ['top_1:settle', 'cash', 400],
    ]);
  });

  it('leads forward from a top-up to its payments and what is left', async () => {
    const { wentTo, stillThere } = await one('top_1:settle');
    expect(wentTo.map(({ to, amount }) => [to, amount])).toEqual([
      ['pay_1:accept', 700],
      ['pay_2:accept', 300],
      ['pay_3:accept', 400],
    ]);
    expect(stillThere).toEqual([{ from: 'top_1:settle', lot: 'cash', amount: 300 }]);
  });

  it('names what took an entry back, and what that took back', async () => {
    const [paid, cancelled] = await explain(under.database.connection, 'pay_1');
    expect(paid!.related.map(({ id }) => id)).toEqual(['pay_1:accept:cancel']);
    expect(cancelled!.related.map(({ id }) => id)).toEqual(['pay_1:accept']);
  });

  it('of an id that nobody knows is empty', async () => {
    expect(await explain(under.database.connection, 'pay_none')).toEqual([]);
  });
});
