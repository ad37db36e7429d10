import { verifyBooks } from '@7pay/ledger';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settlementItemModel } from './settlement-item.store.ts';
import { settlementBatchStore } from './settlement-batch.store.ts';
import { settledWorld, type SettledWorld } from './testing/settled-world.ts';
import { verifySettlements } from './verify-settlements.ts';

const SEED = 20190701;
const DAY_MS = 86_400_000;
let world: SettledWorld;
beforeAll(async () => {
  world = await settledWorld('settlements');
});
afterAll(() => world.database.drop());

const merchant = fc.constantFrom('mer_a', 'mer_b', 'mer_c');
const amount = fc.integer({ min: 1, max: 20_000 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pay' as const), merchant, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('late' as const),
      merchant,
      amount,
      days: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('refund' as const), which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('seal' as const), count: fc.nat({ max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('day' as const) }) },
);

describe('payments that are settled while more are made, in whatever order they are committed', () => {
  const seen = { late: 0, carried: 0, entries: 0 };

  it('are each in exactly one batch, and every batch adds up (I13)', async () => {
    await world.clock.advance(5 * DAY_MS); // late ones are late by up to three days
    const paid: { id: string; merchant: string; left: number; refunds: number }[] = [];
    const settle = () =>
      Promise.all([world.collectAll(), world.collectAll(), world.close(), world.close()]);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        for (const each of steps) {
          if (each.kind === 'pay' || each.kind === 'late') {
            const late = each.kind === 'late' ? each.days * DAY_MS : 0;
            const { id } = await world.pay(each.merchant, each.amount, late);
            paid.push({ id, merchant: each.merchant, left: each.amount, refunds: 0 });
            seen.entries += 1;
          } else if (each.kind === 'refund') {
            const of = paid[each.which % Math.max(1, paid.length)];
            if (!of || of.left === 0) continue;
            of.refunds += 1;
            await world.refund(of.merchant, of.left, of.id, of.refunds);
            of.left = 0;
            seen.entries += 1;
          } else if (each.kind === 'seal') await world.seal(each.count);
          else if (each.kind === 'settle') await settle();
          else world.nextDay();
        }
        expect(await verifySettlements(world.database.connection)).toEqual([]);
      }),
      { numRuns: 12, seed: SEED },
    );
    await world.seal();
    await world.collectAll();
    world.nextDay();
    while ((await world.close()).length > 0);

    const { connection } = world.database;
    expect(await verifySettlements(connection)).toEqual([]);
    expect((await verifyBooks(connection)).faults).toEqual([]);
    const items = await settlementItemModel(connection).find().lean();
    expect(items.length).toBe(seen.entries);
    const batches = settlementBatchStore(connection, null);
    for (const merchantId of ['mer_a', 'mer_b', 'mer_c']) {
      const all = await batches.ofMerchant(merchantId);
      expect(all.every(({ state }) => state === 'CLOSED')).toBe(true);
      seen.carried += all.filter(({ carriedOut }) => carriedOut < 0).length;
      const dates = new Map(all.map(({ id, businessDate }) => [id, businessDate as string]));
      seen.late += items.filter(({ batchId, biz }) => (dates.get(batchId) ?? biz) > biz).length;
    }
    // What the property is about did happen.
    expect(seen.late).toBeGreaterThan(5);
    expect(seen.carried).toBeGreaterThan(0);
  }, 120_000);

  it('a refund gives the fee back at the rate of its payment', async () => {
    const { id } = await world.pay('mer_rate', 10_000, daysBack('2019-07-02T03:00:00Z'));
    await world.refund('mer_rate', 10_000, id, 1);
    await world.seal();
    await world.collectAll();
    const [item, back] = await settlementItemModel(world.database.connection)
      .find({ merchantId: 'mer_rate' })
      .sort({ side: 1 })
      .lean();
    expect([item!.bps, back!.bps]).toEqual([150, 150]);
    expect(item!.biz < back!.biz).toBe(true);
  });

  it('a breach is seen: a sum, a lost item, an entry in no batch', async () => {
    const { connection } = world.database;
    const items = connection.collection('wallet_settlementItems');
    const batches = connection.collection('wallet_settlementBatches');
    const before = await batches.findOne({ state: 'CLOSED', merchantId: 'mer_a' });
    await batches.updateOne({ _id: before!._id }, { $inc: { settled: 1n } });
    expect((await verifySettlements(connection)).join('\n')).toMatch(/does not add up/);
    await batches.replaceOne({ _id: before!._id }, before!);
    expect(await verifySettlements(connection)).toEqual([]);
    const item = await items.findOne({ merchantId: 'mer_a' });
    await items.deleteOne({ _id: item!._id });
    expect((await verifySettlements(connection)).join('\n')).toMatch(/is sealed and in no batch/);
    await items.insertOne(item!);
  });

  const daysBack = (instant: string) => world.clock.now().getTime() - new Date(instant).getTime();
});
