import { fixedControls } from '@7pay/controls';
import {
  accountSetPlan,
  credit,
  debit,
  holdPlan,
  openLedger,
  payableAccount,
  prepareLedger,
  releasePlan,
  verifyBooks,
  walletAccount,
} from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { derivedId } from '@7pay/ids';
import type { MemberViewer } from '@7pay/graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimBalanceRefund } from '../claim/claim-balance-refund.ts';
import { prepareRefund } from '../prepare.ts';
import { openRefundUnitOfWork } from '../unit-of-work.ts';
import { closeWallets, excludeUnclaimed, payRefund } from './close-wallets.ts';
import { verifyClose } from './verify-close.ts';

// 24:00 on 30 September in Tokyo.
const END = '2019-09-30T15:00:00Z';
const DAY_MS = 86_400_000;
const clock = fixedClock(END);
const HOLD_MS = 10 * 60_000;
let database: TestDatabase;
let unitOfWork: ReturnType<typeof openRefundUnitOfWork>;
const walletOf = (memberId: string) => derivedId('wal', memberId);
const viewer = (memberId: string): MemberViewer => ({
  locale: 'ja',
  requestId: 'r',
  clientId: 'c',
  scopes: ['refund'],
  kind: 'member',
  memberId,
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
});
const balances = { mem_a: 3_000, mem_b: 500, mem_frozen: 700, mem_empty: 0, mem_held: 1_000 };

beforeAll(async () => {
  database = await testDatabase('close');
  await prepareLedger(database.connection);
  await prepareRefund(database.connection);
  unitOfWork = openRefundUnitOfWork(database.connection);
  const before = new Date(new Date(END).getTime() - 60_000);
  const told = { at: before, generation: 1, ref: {} };
  await unitOfWork(({ programmes }) =>
    programmes.insert({
      id: 'rfp_1',
      title: '払戻し',
      issuer: '7pay',
      instrument: '第三者型',
      noticeDate: '2019-08-01',
      claimsFrom: new Date(END),
      claimsUntil: new Date(new Date(END).getTime() + 102 * DAY_MS),
      contact: '0120',
      howToClaim: 'アプリ',
      howPaid: '振込',
      exclusionNotice: '除斥',
      openedBy: 'mem_ops',
    }),
  );
  for (const [memberId, amount] of Object.entries(balances)) {
    const wallet = walletOf(memberId);
    const account = walletAccount(wallet);
    await unitOfWork(async ({ session, ledger }) => {
      const kind = 'USER_WALLET';
      await ledger.openAccount(session, {
        id: account,
        kind,
        currency: 'JPY',
        owner: memberId,
        wallet,
        cap: null,
      });
      if (amount === 0) return;
      const legs = [debit('register-cash:x', amount), credit(account, amount, { origin: 'cash' })];
      await ledger.post(session, { ...told, id: `top_${memberId}`, kind: 'TOP_UP', wallet, legs });
      if (memberId === 'mem_frozen') {
        const freeze = { ...told, id: 'freeze', wallet };
        await ledger.post(session, accountSetPlan(freeze, { account, status: 'FROZEN' }));
      }
      if (memberId === 'mem_held') {
        const hold = { ...told, id: 'hold', wallet };
        const held = [debit(account, 400), credit('merchant-payable:mer_1', 400)];
        const until = new Date(new Date(END).getTime() + HOLD_MS);
        await ledger.post(session, holdPlan(hold, held, until));
      }
    });
  }
});
afterAll(async () => {
  const { faults } = await verifyBooks(database.connection);
  await database.drop();
  expect(faults).toEqual([]);
});

const stopped = () => fixedControls({ closed: ['payment'] });
const close = (controls = stopped()) =>
  closeWallets(unitOfWork, controls, clock, {
    openWallets: openLedger(database.connection).openWallets,
    log: silentLog,
  });
const claim = (memberId: string, claimId = 'claim-1') =>
  claimBalanceRefund(
    unitOfWork,
    fixedControls(),
    clock,
  )(viewer(memberId), { claimId, payoutMethod: 'BANK_TRANSFER' });

/** A refund of a shop towards a closed wallet, as the wallet subgraph books it. */
const giveBack = (memberId: string, amount: number) => {
  const wallet = walletOf(memberId);
  const told = { wallet, at: clock.now(), generation: 1, ref: {} };
  const legs = [debit('merchant-payable:mer_1', amount), credit(payableAccount(wallet), amount)];
  const id = `${memberId}:${clock.now().getTime()}:refund`;
  return unitOfWork(({ session, ledger }) =>
    ledger.post(session, { ...told, id, kind: 'PAYMENT_REFUND', legs }),
  );
};
let second: string;

describe('the close of all wallets', () => {
  it('waits until payments are stopped, and for a programme', async () => {
    expect(await close(fixedControls())('rfp_1')).toMatchObject({ refused: 'SERVICE_STILL_OPEN' });
    const stale = fixedControls({ closed: ['payment'], stale: true });
    expect(await close(stale)('rfp_1')).toMatchObject({ refused: 'SERVICE_STILL_OPEN' });
    expect(await close()('rfp_none')).toMatchObject({ refused: 'NO_REFUND_PROGRAMME' });
  });

  it('closes no wallet for a programme that is over: nobody could claim', async () => {
    await unitOfWork(async ({ programmes }) => {
      const { id: _id, ...programme } = (await programmes.find('rfp_1'))!;
      const claimsUntil = new Date(END);
      await programmes.insert({ ...programme, id: 'rfp_over', claimsUntil });
    });
    expect(await close()('rfp_over')).toMatchObject({ refused: 'NO_REFUND_PROGRAMME' });
  });

  it('makes what is in them payable, by several at once too, and waits for what is held (I18)', async () => {
    const runs = await Promise.all([close()('rfp_1'), close()('rfp_1'), close()('rfp_1')]);
    const done = runs.map((run) => (isRefused(run) ? { closed: 0, total: 0 } : run));
    expect(done.reduce((sum, { total }) => sum + total, 0)).toBe(3_000 + 500 + 700);
    expect(done.reduce((sum, { closed }) => sum + closed, 0)).toBe(4);
    expect(await verifyClose(database.connection)).toEqual({
      wallets: 4_200,
      payable: 4_200,
      paid: 0,
      excluded: 0,
      givenBack: 0,
      faults: [],
    });
    clock.advance(HOLD_MS);
    expect(await close()('rfp_1')).toEqual({ closed: 1, total: 1_000, waiting: 0, failed: 0 });
    expect(await close()('rfp_1')).toEqual({ closed: 0, total: 0, waiting: 0, failed: 0 });
    expect(await verifyClose(database.connection)).toMatchObject({
      wallets: 5_200,
      payable: 5_200,
    });
  });

  it('lets go of a hold whose time was over, and that is no fault of the close', async () => {
    const wallet = walletOf('mem_held');
    const told = { id: 'release', wallet, at: clock.now(), generation: 1, ref: {} };
    const released = await unitOfWork(({ session, ledger }) =>
      ledger.post(session, releasePlan(told, 'hold')),
    );
    expect(released).toMatchObject({ stands: [{ account: walletAccount(wallet), posted: 0 }] });
    expect((await verifyClose(database.connection)).faults).toEqual([]);
  });

  it('lets nothing into a wallet or out of it afterwards', async () => {
    const wallet = walletOf('mem_a');
    const account = walletAccount(wallet);
    for (const legs of [
      [debit('register-cash:x', 1), credit(account, 1, { origin: 'cash' })],
      [debit(account, 1), credit('merchant-payable:mer_1', 1)],
    ]) {
      const entry = await unitOfWork(({ session, ledger }) =>
        ledger.post(session, {
          id: 'after',
          kind: 'PAYMENT',
          wallet,
          at: clock.now(),
          legs,
          generation: 1,
          ref: {},
        }),
      );
      expect(entry).toMatchObject({ refused: 'WALLET_FROZEN' });
    }
  });

  it('is claimed once, whatever number the claim carries, and paid once', async () => {
    const claims = await Promise.all(['1', '2', '3'].map((number) => claim('mem_a', number)));
    const made = claims.flatMap((each) => (isRefused(each) ? [] : [each]));
    expect(made.map(({ amount }) => amount)).toEqual([3_000]);
    expect(await claim('mem_a', '4')).toMatchObject({ refused: 'ALREADY_CLAIMED' });
    expect(await claim('mem_empty')).toMatchObject({ refused: 'NOTHING_TO_REFUND' });
    const pay = payRefund(unitOfWork, () => 1, clock);
    expect(await Promise.all([pay(made[0]!.id), pay(made[0]!.id)])).toEqual(['PAID', 'PAID']);
    expect(await pay('brc_none')).toMatchObject({ refused: 'CLAIM_UNKNOWN' });
    const payable = await openLedger(database.connection).account(
      null,
      payableAccount(walletOf('mem_a')),
    );
    expect(payable?.posted).toBe(0);
  });

  it('and what shops give back afterwards is claimed like the rest, once', async () => {
    expect(await giveBack('mem_a', 250)).toMatchObject({ kind: 'PAYMENT_REFUND' });
    expect(await giveBack('mem_frozen', 40)).toMatchObject({ kind: 'PAYMENT_REFUND' });
    const claims = await Promise.all(['5', '6', '7'].map((number) => claim('mem_a', number)));
    const made = claims.flatMap((each) => (isRefused(each) ? [] : [each]));
    expect(made.map(({ amount }) => amount)).toEqual([250]);
    expect(claims.filter(isRefused).map(({ refused }) => refused)).toEqual([
      'ALREADY_CLAIMED',
      'ALREADY_CLAIMED',
    ]);
    second = made[0]!.id;
    expect(await verifyClose(database.connection)).toEqual({
      wallets: 5_200,
      payable: 2_490,
      paid: 3_000,
      excluded: 0,
      givenBack: 290,
      faults: [],
    });
  });

  it('and what nobody claimed in the window is excluded: payable + paid + excluded, to the yen', async () => {
    await claim('mem_b');
    const exclude = excludeUnclaimed(unitOfWork, () => 1, clock);
    expect(await exclude('rfp_1')).toMatchObject({ refused: 'NO_REFUND_PROGRAMME' });
    clock.advance(102 * DAY_MS);
    const runs = await Promise.all([exclude('rfp_1'), exclude('rfp_1')]);
    expect(runs.reduce((sum: number, run) => sum + (isRefused(run) ? 0 : run), 0)).toBe(1_740);
    expect(await verifyClose(database.connection)).toEqual({
      wallets: 5_200,
      payable: 750,
      paid: 3_000,
      excluded: 1_740,
      givenBack: 290,
      faults: [],
    });
  });

  it('and then nothing becomes payable any more, and what was claimed is paid', async () => {
    for (const memberId of ['mem_a', 'mem_b', 'mem_empty', 'mem_frozen']) {
      expect(await giveBack(memberId, 1)).toMatchObject({ refused: 'BALANCE_CAP_EXCEEDED' });
    }
    expect(await payRefund(unitOfWork, () => 1, clock)(second)).toBe('PAID');
    expect(await giveBack('mem_a', 1)).toMatchObject({ refused: 'BALANCE_CAP_EXCEEDED' });
    expect((await verifyClose(database.connection)).faults).toEqual([]);
  });
});
