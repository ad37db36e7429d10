import { openInbox, prepareEvents } from '@7pay/events';
import { silentLog } from '@7pay/telemetry';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { walletModel, walletStore } from '../wallet/wallet.store.ts';
import { endCodesWithLogins } from './end-codes.consumer.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('end_codes');
  await prepareEvents(database.connection);
  await walletModel(database.connection).createCollection();
});
afterAll(() => database.drop());

describe('the end of the logins of a member', () => {
  it('ends the codes of their wallet, once for each event, and of no other', async () => {
    const { connection } = database;
    const store = walletStore(connection, null);
    const wallet = (id: string, memberId: string) => ({
      id,
      memberId,
      codeEpoch: 4,
      changes: 0,
      state: 'OPEN' as const,
      freezes: { own: null, operators: null },
      openedAt: new Date('2019-07-01T00:00:00Z'),
      termsVersion: '1',
    });
    await store.insert(wallet('wal_1', 'mem_1'));
    await store.insert(wallet('wal_2', 'mem_2'));
    const consumer = endCodesWithLogins(
      openWalletUnitOfWork(connection, systemClock),
      openInbox(connection, 'wallet', systemClock),
      silentLog,
    );
    const hear = (id: string, memberId: string) =>
      consumer.handle({
        id,
        name: 'identity.logins.ended.v1',
        at: '2019-07-30T00:00:00Z',
        body: { memberId },
      } as never);
    await hear('evt_1', 'mem_1');
    await hear('evt_1', 'mem_1');
    await hear('evt_2', 'mem_nobody');
    const epochs = (await store.findMany(['wal_1', 'wal_2'])).map(({ id, codeEpoch }) => [
      id,
      codeEpoch,
    ]);
    expect(Object.fromEntries(epochs)).toEqual({ wal_1: 5, wal_2: 4 });
    await hear('evt_3', 'mem_1');
    expect((await store.find('wal_1'))?.codeEpoch).toBe(6);
  });
});
