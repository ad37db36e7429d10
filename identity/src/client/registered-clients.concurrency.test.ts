import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareIdentity } from '../storage/provider-storage.ts';
import { clientModel, openClientStore } from './client.store.ts';
import { REGISTERED_MAX } from './registration.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('registered_clients');
  await prepareIdentity(database.connection);
});
afterAll(() => database.drop());

it('keeps as many registered clients as may be, also of twelve that register at once', async () => {
  const clients = clientModel(database.connection);
  const there = Array.from({ length: REGISTERED_MAX - 2 }, (_, n) => ({
    _id: `reg-${n}`,
    metadata: '{}',
    registered: true,
  }));
  await clients.insertMany(there);
  const { adapter } = openClientStore(database.connection, {
    clock: fixedClock('2019-07-04T00:00:00Z'),
    secrets: ['a secret of the installation, 32+'],
    judgeRegistered: () => {},
  });
  const register = (id: string) => adapter.upsert(id, { client_id: id } as never, 0);
  const stored = () => clients.countDocuments({ registered: true });
  await Promise.allSettled(Array.from({ length: 12 }, (_, n) => register(`reg-new-${n}`)));
  expect(await stored()).toBeLessThanOrEqual(REGISTERED_MAX);
  for (let n = 0; (await stored()) < REGISTERED_MAX; n += 1) await register(`reg-late-${n}`);
  await expect(register('reg-last')).rejects.toThrow('invalid_client_metadata');
  await register('reg-0'); // one that is there may change itself
});
