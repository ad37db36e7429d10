import { fixedControls } from '@7pay/controls';
import {
  credit,
  debit,
  journalFeed,
  openLedger,
  pointsAccount,
  pointsOwed,
  prepareLedger,
  verifyBooks,
  walletAccount,
} from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { type BusinessDate, businessDate, fixedClock } from '@7pay/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { preparePoints } from '../prepare.ts';
import { openPointsUnitOfWork } from '../unit-of-work.ts';
import { awardOnPayment, reverseOnCancel, reverseOnRefund } from './award-points.consumer.ts';
import { awardPoints } from './award-points.ts';
import { awardStore } from './award.store.ts';
import { reverseAward } from './reverse-award.ts';

const LOT = '2021-03-31' as BusinessDate;
const EARLIER = '2020-03-31';
const FOR_500 = 100_000; // yen that earn 500 points

let database: TestDatabase;
const clock = fixedClock('2019-07-01T01:00:00Z');
beforeAll(async () => {
  database = await testDatabase('award_points');
  await prepareLedger(database.connection);
  await preparePoints(database.connection);
});
afterAll(async () => {
  expect((await verifyBooks(database.connection)).faults).toEqual([]);
  await database.drop();
});

let member = 0;
beforeEach(() => {
  member += 1;
});
const paymentOf = (paymentId: string, amount = FOR_500) => ({
  paymentId: `${paymentId}_${member}`,
  memberId: `mem_${member}`,
  walletId: `wal_${member}`,
  amount,
  businessDate: businessDate(clock.now()),
});
const unit = () => openPointsUnitOfWork(database.connection);
const pay = (id: string, amount = FOR_500) =>
  awardPoints(unit(), fixedControls(), clock)(paymentOf(id, amount));
const cancel = (id: string, { amount = FOR_500, n = 1 } = {}) =>
  reverseAward(unit(), fixedControls(), clock)({ ...paymentOf(id, amount), n, cancelled: true });
const refund = (id: string, amount: number, n: number) =>
  reverseAward(unit(), fixedControls(), clock)({ ...paymentOf(id, amount), n, cancelled: false });

/** Points made yen, as the wallet does it: out of the account and gone. */
async function exchange(amount: number): Promise<void> {
  const entry = await unit()(({ session, ledger }) =>
    ledger.post(session, {
      id: `top_${member}_${amount}:settle`,
      kind: 'POINTS_EXCHANGE',
      wallet: `wal_${member}`,
      at: clock.now(),
      legs: [
        debit(pointsAccount(`pta_${member}`), amount, 'NPT'),
        credit('points-exchanged', amount, { currency: 'NPT' }),
      ],
      generation: 1,
      ref: {},
    }),
  );
  expect(isRefused(entry)).toBe(false);
}
const standing = async () => {
  const ledger = openLedger(database.connection);
  const account = await ledger.account(null, pointsAccount(`pta_${member}`));
  const debt = await ledger.account(null, pointsOwed(`pta_${member}`));
  return { lots: account?.lots ?? {}, owed: debt?.posted ?? 0 };
};
const awardOf = (id: string) => awardStore(database.connection, null).find(`${id}_${member}`);

/** What gives a part of a payment back, as the wallet books it. */
const backEntry = (
  kind: 'PAYMENT_REFUND' | 'PAYMENT_CANCEL',
  id: string,
  amount: number,
  n: number,
) => ({
  kind,
  id: `${id}_${member}`,
  legs: [
    debit('merchant-payable:mer_1', amount),
    credit(walletAccount(`wal_${member}`), amount, { origin: 'cash' }),
  ],
  reverses: { entry: `pay_${member}`, n },
});

describe('points of payments that are read again', () => {
  it('come and go in the order of the books, also when all was booked at one instant', async () => {
    const wallet = `wal_${member}`;
    const { paymentId, memberId } = paymentOf('again');
    const at = clock.now();
    const told = { wallet, at, generation: 1, ref: { paymentId, memberId, walletId: wallet } };
    const amount = FOR_500;
    await unit()(async ({ session, ledger }) => {
      const id = walletAccount(wallet);
      const account = { id, kind: 'USER_WALLET', currency: 'JPY', wallet, cap: null } as const;
      await ledger.openAccount(session, { ...account, owner: memberId });
      const loaded = [debit('register-cash:x', amount), credit(id, amount, { origin: 'cash' })];
      const legs = [debit(id, amount), credit('merchant-payable:mer_1', amount)];
      for (const plan of [
        { kind: 'TOP_UP', id: `z_${member}`, legs: loaded },
        { kind: 'PAYMENT', id: `pay_${member}`, legs },
        backEntry('PAYMENT_REFUND', 'c', 200, 1),
        backEntry('PAYMENT_REFUND', 'b', 300, 2),
        backEntry('PAYMENT_CANCEL', 'a', amount - 500, 3),
      ] as const) {
        const entry = await ledger.post(session, { ...told, ...plan });
        expect(isRefused(entry)).toBe(false);
      }
    });
    const reverse = reverseAward(unit(), fixedControls(), clock);
    const consumers = [
      awardOnPayment(awardPoints(unit(), fixedControls(), clock)),
      reverseOnRefund(reverse),
      reverseOnCancel(reverse),
    ];
    for await (const document of journalFeed.since(database.connection, at)) {
      const event = journalFeed.toEvent(document);
      if (event.body.wallet !== wallet) continue;
      await consumers.find(({ event: name }) => name === event.name)?.handle(event as never);
    }
    expect(await awardOf('again')).toMatchObject({ state: 'REVERSED', refunds: 3, takenBack: 500 });
    expect(await standing()).toEqual({ lots: {}, owed: 0 });
  });
});

describe('points of a payment that is given back', () => {
  it('are owed when they were exchanged, and the next award settles them', async () => {
    await pay('first');
    await exchange(500);
    await cancel('first');
    expect(await standing()).toEqual({ lots: {}, owed: 500 });
    expect(await awardOf('first')).toMatchObject({ state: 'REVERSED', takenBack: 0, owed: 500 });

    await pay('second', 60_000); // earns 300
    expect(await standing()).toEqual({ lots: {}, owed: 200 });
    expect(await awardOf('second')).toMatchObject({ points: 300, settled: 300 });
    await pay('third');
    expect(await standing()).toEqual({ lots: { [LOT]: 300 }, owed: 0 });
    expect(await awardOf('third')).toMatchObject({ points: 500, settled: 200 });
  });

  it('are taken and owed once, however often it is told', async () => {
    await pay('told');
    await exchange(400);
    const again = async (tell: () => Promise<void>) => {
      await tell();
      const after = await standing();
      await tell();
      expect(await standing()).toEqual(after);
      return after;
    };
    expect(await again(() => cancel('told'))).toEqual({ lots: {}, owed: 400 });
    expect(await awardOf('told')).toMatchObject({ takenBack: 100, owed: 400 });
    expect(await again(() => pay('next', 50_000))).toEqual({ lots: {}, owed: 150 });
    expect(await again(() => cancel('next', { amount: 50_000 }))).toEqual({ lots: {}, owed: 400 });
  });

  it('come out of the other lots when their own is empty, soonest end first', async () => {
    await unit()(async ({ session, ledger }) => {
      await ledger.openAccount(session, {
        id: pointsAccount(`pta_${member}`),
        kind: 'USER_POINTS',
        currency: 'NPT',
        owner: `mem_${member}`,
        wallet: `wal_${member}`,
        cap: null,
      });
      for (const [lot, amount] of [
        [EARLIER, 120],
        ['2022-03-31', 400],
      ] as const) {
        await ledger.post(session, {
          id: `grant_${member}_${lot}`,
          kind: 'POINTS_AWARD',
          wallet: `wal_${member}`,
          at: clock.now(),
          legs: [
            debit('points-issued', amount, 'NPT'),
            credit(pointsAccount(`pta_${member}`), amount, {
              currency: 'NPT',
              origin: lot as never,
            }),
          ],
          generation: 1,
          ref: {},
        });
      }
    });
    await pay('lots');
    await exchange(600); // the lot that ends first, and 480 of their own
    await cancel('lots');
    expect(await standing()).toEqual({ lots: {}, owed: 80 });
    expect(await awardOf('lots')).toMatchObject({ takenBack: 420, owed: 80 });
  });

  it('cost by parts what they cost as a whole', async () => {
    await pay('parts');
    await exchange(450);
    await refund('parts', 30_100, 1); // 150.5 points: what is left earns 349
    expect(await awardOf('parts')).toMatchObject({ takenBack: 50, owed: 101 });
    await refund('parts', 69_800, 2); // 100 yen are left, which earn none
    expect(await awardOf('parts')).toMatchObject({ takenBack: 50, owed: 450 });
    await cancel('parts', { amount: 100, n: 3 });
    expect(await awardOf('parts')).toMatchObject({ state: 'REVERSED', takenBack: 50, owed: 450 });
    expect(await standing()).toEqual({ lots: {}, owed: 450 });
  });

  it('and points that are earned at the same moment come to the same as one after the other', async () => {
    for (let round = 0; round < 8; round += 1) {
      await pay(`used-${round}`);
      const { lots, owed } = await standing();
      const there = (lots[LOT] ?? 0) - owed;
      if (there > 0) await exchange(there - round); // another amount each round: another number
      await Promise.all([cancel(`used-${round}`), pay(`new-${round}`, 20_000 * (round + 1))]);
      const after = await standing();
      const left = there > 0 ? round : there;
      expect((after.lots[LOT] ?? 0) - after.owed).toBe(left - 500 + 100 * (round + 1));
      if (after.owed > 0 && after.lots[LOT]) {
        // Written side by side, they leave points beside a debt; the next award settles it.
        await pay(`settles-${round}`, 200);
        const settled = await standing();
        expect(Math.min(settled.owed, settled.lots[LOT] ?? 0)).toBe(0);
      }
    }
  });

  it('leave nothing owed when they are still there', async () => {
    await pay('there');
    await cancel('there');
    expect(await standing()).toEqual({ lots: {}, owed: 0 });
    expect(await awardOf('there')).toMatchObject({ takenBack: 500, owed: 0 });
  });
});
