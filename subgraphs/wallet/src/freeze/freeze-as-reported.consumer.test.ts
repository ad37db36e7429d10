import { fixedControls } from '@7pay/controls';
import { openInbox, prepareEvents } from '@7pay/events';
import type { MemberViewer } from '@7pay/graphql';
import { openLedger, prepareLedger, walletAccount } from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { testDatabase, type TestDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareWallet } from '../prepare.ts';
import { openWalletUnitOfWork } from '../unit-of-work.ts';
import { openWallet } from '../wallet/open-wallet.ts';
import { TERMS_VERSION } from '../wallet/wallet.ts';
import { walletStore } from '../wallet/wallet.store.ts';
import { freezeAsReported } from './freeze-as-reported.consumer.ts';
import { thawMyWallet } from './freeze-wallet.ts';

const member: MemberViewer = {
  locale: 'ja',
  requestId: 'r',
  clientId: 'c',
  scopes: ['wallet'],
  kind: 'member',
  memberId: 'mem_reported',
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
};
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('freeze_as_reported');
  await prepareEvents(database.connection);
  await prepareLedger(database.connection);
  await prepareWallet(database.connection);
});
afterAll(() => database.drop());

describe('the news that a member said “this was not me”', () => {
  it('freezes their wallet once for each report, so that what they lift later stays lifted', async () => {
    const { connection } = database;
    const clock = fixedClock('2019-07-04T00:00:00Z');
    const controls = fixedControls({ closed: ['payment'] });
    const work = openWalletUnitOfWork(connection, clock);
    const opened = await openWallet(work, controls, clock)(member, { termsVersion: TERMS_VERSION });
    if (isRefused(opened)) throw new Error(opened.refused);
    const inbox = openInbox(connection, 'wallet', clock);
    const consumer = freezeAsReported(work, inbox, { controls, clock, log: silentLog });
    const hear = (id: string, memberId = member.memberId) =>
      consumer.handle({
        id,
        name: 'identity.not-me.reported.v1',
        at: '2019-07-04T00:00:00Z',
        body: { memberId, kind: 'DEVICE' },
      } as never);
    const stateOf = async () => (await walletStore(connection, null).find(opened.id))?.state;
    await hear('evt_1');
    await hear('evt_1');
    expect(await stateOf()).toBe('FROZEN');
    const account = await openLedger(connection).account(null, walletAccount(opened.id));
    expect(account?.status).toBe('FROZEN');
    await thawMyWallet(work, controls, clock)(member);
    await hear('evt_1');
    expect(await stateOf()).toBe('OPEN');
    await hear('evt_2');
    expect(await stateOf()).toBe('FROZEN');
    await hear('evt_3', 'mem_without_wallet');
  });
});
