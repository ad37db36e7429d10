import { fixedControls } from '@7pay/controls';
import { derivedId } from '@7pay/ids';
import {
  accountSetPlan,
  credit,
  debit,
  openLedger,
  prepareLedger,
  tombstonePlan,
  walletAccount,
} from '@7pay/ledger';
import { createLog, silentLog } from '@7pay/telemetry';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareRefund } from '../prepare.ts';
import { openRefundUnitOfWork } from '../unit-of-work.ts';
import { closeWallets } from './close-wallets.ts';
import { verifyClose } from './verify-close.ts';

const END = new Date('2019-09-30T15:00:00Z');
const clock = fixedClock(END);
const wallets = ['mem_1', 'mem_2', 'mem_3'].map((memberId) => derivedId('wal', memberId)).sort();
let database: TestDatabase;
let unitOfWork: ReturnType<typeof openRefundUnitOfWork>;

beforeAll(async () => {
  database = await testDatabase('close_failures');
  await prepareLedger(database.connection);
  await prepareRefund(database.connection);
  unitOfWork = openRefundUnitOfWork(database.connection);
  await unitOfWork(async ({ session, ledger, programmes }) => {
    await programmes.insert({
      id: 'rfp_1',
      title: '払戻し',
      issuer: '7pay',
      instrument: '第三者型',
      noticeDate: '2019-08-01',
      claimsFrom: END,
      claimsUntil: new Date('2020-01-10T15:00:00Z'),
      contact: '0120',
      howToClaim: 'アプリ',
      howPaid: '振込',
      exclusionNotice: '除斥',
      openedBy: 'mem_ops',
    });
    for (const wallet of wallets) {
      const id = walletAccount(wallet);
      const account = { id, kind: 'USER_WALLET', currency: 'JPY', wallet, cap: null } as const;
      await ledger.openAccount(session, { ...account, owner: `mem_${wallet}` });
      const told = { wallet, at: END, generation: 1, ref: {} };
      const legs = [debit('register-cash:x', 100), credit(id, 100, { origin: 'cash' })];
      await ledger.post(session, { ...told, id: `${wallet}:top`, kind: 'TOP_UP', legs });
    }
    // The number of its close is taken: the first of them can never be closed.
    const told = { wallet: wallets[0]!, at: END, generation: 1, ref: {} };
    await ledger.post(session, tombstonePlan({ ...told, id: `${wallets[0]}:close` }));
  });
});
afterAll(() => database.drop());

describe('a programme that begins in more than a week', () => {
  it('closes no wallet: nobody could claim for so long', async () => {
    const { openWallets } = openLedger(database.connection);
    const controls = fixedControls({ closed: ['payment'] });
    const inDays = (days: number) => fixedClock(new Date(END.getTime() - days * 86_400_000));
    const close = closeWallets(unitOfWork, controls, inDays(8), { openWallets, log: silentLog });
    expect(await close('rfp_1')).toMatchObject({ refused: 'NO_REFUND_PROGRAMME' });
    expect(await openWallets('', 10)).toHaveLength(3);
  });
});

describe('a wallet that cannot be closed', () => {
  it('keeps no other from being closed, is counted and is in the log', async () => {
    const lines: string[] = [];
    const log = createLog({
      service: 'test',
      destination: { write: (line) => void lines.push(line) },
    });
    const { openWallets } = openLedger(database.connection);
    const controls = fixedControls({ closed: ['payment'] });
    const close = closeWallets(unitOfWork, controls, clock, { openWallets, log });
    expect(await close('rfp_1')).toEqual({ closed: 2, total: 200, waiting: 0, failed: 1 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('refund.close_failed');
    expect(lines[0]).toContain(wallets[0]);
    expect((await openWallets('', 10)).map(({ wallet }) => wallet)).toEqual([wallets[0]]);
    expect(await close('rfp_1')).toEqual({ closed: 0, total: 0, waiting: 0, failed: 1 });
  });
});

describe('what moves a closed wallet, or opens it', () => {
  it('is a fault of the close', async () => {
    const { connection } = database;
    const wallet = wallets[1]!;
    const account = walletAccount(wallet);
    const accounts = connection.collection<{ _id: string }>('ledger_accounts');
    await accounts.updateOne({ _id: account }, { $set: { status: 'OPEN' } }); // by hand
    await unitOfWork(async ({ session, ledger }) => {
      const told = { wallet, at: END, generation: 1, ref: {} };
      const legs = [debit('register-cash:x', 1), credit(account, 1, { origin: 'cash' })];
      await ledger.post(session, { ...told, id: 'late', kind: 'TOP_UP', legs });
      const sets = { account, status: 'OPEN' } as const;
      await ledger.post(session, accountSetPlan({ ...told, id: 'opened' }, sets));
    });
    expect((await verifyClose(connection)).faults).toEqual([
      'late moved a wallet that was closed',
      'opened moved a wallet that was closed',
    ]);
  });
});
