import { sealStore } from '@7pay/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settlementItemModel } from './settlement-item.store.ts';
import { settledWorld, type SettledWorld } from './testing/settled-world.ts';
import { verifySettlements } from './verify-settlements.ts';

let world: SettledWorld;
const faults = () => verifySettlements(world.database.connection);
beforeAll(async () => {
  world = await settledWorld('verify_settlements');
  for (const amount of [1_000, 2_000, 3_000]) {
    await world.pay('mer_a', amount);
    await world.seal();
  }
  await world.collectAll();
});
afterAll(() => world.database.drop());

describe('an audit of settlement', () => {
  it('finds nothing where batches have come as far as seals', async () => {
    expect(await faults()).toEqual([]);
  });

  it('finds an item that lies in another batch than it was added to', async () => {
    const { connection } = world.database;
    const items = settlementItemModel(connection).collection;
    world.nextDay();
    while ((await world.close()).length > 0);
    await world.pay('mer_a', 500);
    await world.seal();
    await world.collectAll();
    expect(await faults()).toEqual([]);
    const [closed, open] = [
      await items.findOne({ amt: 2_000n }),
      await items.findOne({ amt: 500n }),
    ];
    await items.updateOne({ _id: closed!._id }, { $set: { batchId: open!.batchId } });
    const found = await faults();
    expect(found).toContain(`${closed!.batchId} is not the sum of its items`);
    expect(found).toContain(`${open!.batchId} is not the sum of its items`);
    // Two thousand yen more are not settled than the account says.
    expect(found).toContain('merchant-payable:mer_a is 500, its batches make 2500');
    await items.updateOne({ _id: closed!._id }, { $set: { batchId: closed!.batchId } });
    expect(await faults()).toEqual([]);
  });

  it('finds that the last seals are gone: what is sealed under their numbers next is in no batch', async () => {
    const { connection } = world.database;
    const seals = connection.collection('ledger_seals');
    const last = await sealStore(connection, null).latest();
    await seals.deleteOne({ _id: last!.n as never });
    expect(await faults()).toContain('batches have read seal 4, and seal 3 is the last');
    await seals.deleteMany({});
    expect(await faults()).toContain('batches have read seal 4, and seal 0 is the last');
  });
});
