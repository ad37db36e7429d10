import { prepareLedger } from '@7pay/ledger';
import { testDatabase } from '@7pay/testing';
import { expect, it } from 'vitest';
import { memberRequestModel } from './bill/bill.store.ts';
import { prepareWallet } from './prepare.ts';

it('keeps the numbers under which members paid, also where they were swept before', async () => {
  const database = await testDatabase('prepare_wallet');
  await prepareLedger(database.connection);
  const { collection } = memberRequestModel(database.connection);
  await collection.createIndex({ at: 1 }, { expireAfterSeconds: 400 * 86_400 });
  for (let times = 0; times < 2; times += 1) {
    await prepareWallet(database.connection);
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  }
  await database.drop();
});
