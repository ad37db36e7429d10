import { fixedControls } from '@7pay/controls';
import { derivedId } from '@7pay/ids';
import {
  credit,
  debit,
  openLedger,
  payableAccount,
  prepareLedger,
  verifyBooks,
  walletAccount,
} from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareRefund } from '../prepare.ts';
import { openRefundUnitOfWork } from '../unit-of-work.ts';
import { closeWallets, excludeUnclaimed } from './close-wallets.ts';
import { verifyClose } from './verify-close.ts';

const BEGIN = new Date('2019-09-30T15:00:00Z');
const END = new Date('2020-01-10T15:00:00Z');
const clock = fixedClock(BEGIN);
const wallet = derivedId('wal', 'mem_1');
let database: TestDatabase;
let unitOfWork: ReturnType<typeof openRefundUnitOfWork>;

beforeAll(async () => {
  database = await testDatabase('exclude_race');
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
      claimsFrom: BEGIN,
      claimsUntil: END,
      contact: '0120',
      howToClaim: 'アプリ',
      howPaid: '振込',
      exclusionNotice: '除斥',
      openedBy: 'mem_ops',
    });
    const id = walletAccount(wallet);
    const account = { id, kind: 'USER_WALLET', currency: 'JPY', wallet, cap: null } as const;
    await ledger.openAccount(session, { ...account, owner: 'mem_1' });
    const told = { wallet, at: BEGIN, generation: 1, ref: {} };
    const legs = [debit('register-cash:x', 1_000), credit(id, 1_000, { origin: 'cash' })];
    await ledger.post(session, { ...told, id: 'top', kind: 'TOP_UP', legs });
  });
});
afterAll(async () => {
  const { faults } = await verifyBooks(database.connection);
  await database.drop();
  expect(faults).toEqual([]);
});

const giveBack = async (n: number): Promise<'PAYABLE' | 'TOO_LATE'> => {
  const told = { wallet, at: clock.now(), generation: 1, ref: {} };
  const legs = [debit('merchant-payable:mer_1', 100), credit(payableAccount(wallet), 100)];
  const entry = await unitOfWork(({ session, ledger }) =>
    ledger.post(session, { ...told, id: `back:${n}`, kind: 'PAYMENT_REFUND', legs }),
  );
  return isRefused(entry) ? 'TOO_LATE' : 'PAYABLE';
};

describe('the end of claims, while shops give back', () => {
  it('excludes what was payable by then, to the yen, and lets nothing in behind it', async () => {
    const { openWallets } = openLedger(database.connection);
    const controls = fixedControls({ closed: ['payment'] });
    await closeWallets(unitOfWork, controls, clock, { openWallets, log: silentLog })('rfp_1');
    clock.advance(END.getTime() - BEGIN.getTime());
    const exclude = excludeUnclaimed(unitOfWork, () => 1, clock);
    const [first, second, ...given] = await Promise.all([
      exclude('rfp_1'),
      exclude('rfp_1'),
      ...Array.from({ length: 8 }, (_, n) => giveBack(n)),
    ]);
    const payable = 100 * given.filter((each) => each === 'PAYABLE').length;
    expect([first, second].sort()).toEqual([0, 1_000 + payable].sort());
    expect(await giveBack(8)).toBe('TOO_LATE');
    expect(await verifyClose(database.connection)).toEqual({
      wallets: 1_000,
      payable: 0,
      paid: 0,
      excluded: 1_000 + payable,
      givenBack: payable,
      faults: [],
    });
  });
});
