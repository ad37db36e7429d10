import { sealStore } from '@7pay/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('finds that the last seals are gone: what is sealed under their numbers next is in no batch', async () => {
    const { connection } = world.database;
    const seals = connection.collection('ledger_seals');
    const last = await sealStore(connection, null).latest();
    await seals.deleteOne({ _id: last!.n as never });
    expect(await faults()).toContain('batches have read seal 3, and seal 2 is the last');
    await seals.deleteMany({});
    expect(await faults()).toContain('batches have read seal 3, and seal 0 is the last');
  });
});
