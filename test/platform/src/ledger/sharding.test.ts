import { prepareLedger } from '@7pay/ledger';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { prepareWallet } from '@7pay/wallet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shard, type ShardServer, shardServer, SHARDINGS, shardingSteps } from './sharding.ts';

const router = (more: Partial<ShardServer> = {}) => {
  const ran: object[] = [];
  const server: ShardServer = {
    database: '7pay',
    isRouter: async () => true,
    indexesOf: async () => [{ name: '_id_', key: { _id: 1 }, unique: true }],
    run: async (command) => void ran.push(command),
    ...more,
  };
  return { server, ran };
};
const asked = async (server: ShardServer, apply: boolean) => {
  const said: string[] = [];
  const code = await shard(server, { apply }, (line) => void said.push(line));
  return { code, said };
};
const index = (collection: string, key: object, name: string) => ({
  createIndexes: collection,
  indexes: [{ key, name }],
});
const COMMANDS = [
  { enableSharding: '7pay' },
  index('ledger_accounts', { w: 1 }, 'w_1'),
  { shardCollection: '7pay.ledger_accounts', key: { w: 1 } },
  index('ledger_journal', { w: 1 }, 'w_1'),
  { shardCollection: '7pay.ledger_journal', key: { w: 1 } },
  index('wallet_codes', { walletId: 'hashed' }, 'walletId_hashed'),
  { shardCollection: '7pay.wallet_codes', key: { walletId: 'hashed' } },
  index('wallet_payments', { _id: 'hashed' }, '_id_hashed'),
  { shardCollection: '7pay.wallet_payments', key: { _id: 'hashed' } },
];

describe('dividing the collections among shards', () => {
  it('prints its commands, and runs none unless told', async () => {
    const { server, ran } = router();
    const { code, said } = await asked(server, false);
    expect([code, ran]).toEqual([0, []]);
    expect(said.map((line) => JSON.parse(line) as object)).toEqual(COMMANDS);
  });

  it('runs just these, in order, on a router', async () => {
    const { server, ran } = router();
    expect((await asked(server, true)).code).toBe(0);
    expect(ran).toEqual(COMMANDS);
  });

  it('runs none where there is no router, or while a collection is blocked', async () => {
    const alone = router({ isRouter: async () => false });
    await expect(asked(alone.server, true)).rejects.toThrow('no router');
    const unique = { name: 'places_1', key: { places: 1 }, unique: true };
    const blocked = router({ indexesOf: async () => [unique] });
    await expect(asked(blocked.server, true)).rejects.toThrow('nothing was divided');
    expect([alone.ran, blocked.ran]).toEqual([[], []]);
  });

  it.each([
    ['its key in front', { w: 1, places: 1 }, { w: 1 }, true],
    ['its key behind', { places: 1, w: 1 }, { w: 1 }, false],
    ['a hash as its key', { w: 1, places: 1 }, { w: 'hashed' }, false],
  ] as const)('lets a unique index pass that has %s: %o', (_, unique, key, passes) => {
    const steps = shardingSteps('7pay', () => [{ name: 'some', key: unique, unique: true }], [
      { collection: 'ledger_journal', key },
    ]);
    expect(steps.map((step) => 'commands' in step)).toEqual([passes]);
  });

  describe('as our collections are', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await testDatabase('sharding');
      await prepareLedger(database.connection);
      await prepareWallet(database.connection);
    });
    afterAll(() => database.drop());

    it('no unique index is in the way; this server is no router', async () => {
      const server = shardServer(database.connection);
      expect(await server.isRouter()).toBe(false);
      const indexes = new Map(
        await Promise.all(
          SHARDINGS.map(
            async ({ collection }) => [collection, await server.indexesOf(collection)] as const,
          ),
        ),
      );
      const steps = shardingSteps('7pay', (collection) => indexes.get(collection)!);
      expect(steps.filter((step) => 'blockedBy' in step)).toEqual([]);
      const made = steps.flatMap((step) => ('commands' in step ? step.commands : []));
      // The journal has indexes that begin with its key.
      expect(made.filter((command) => 'createIndexes' in command)).toEqual([
        index('ledger_accounts', { w: 1 }, 'w_1'),
        index('wallet_codes', { walletId: 'hashed' }, 'walletId_hashed'),
        index('wallet_payments', { _id: 'hashed' }, '_id_hashed'),
      ]);
    });
  });
});
