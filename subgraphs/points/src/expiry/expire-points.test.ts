import { openLedger, pointsAccount, prepareLedger, verifyBooks } from '@7pay/ledger';
import { fixedControls } from '@7pay/controls';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { type BusinessDate, businessDate, type Clock, fixedClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awardPoints } from '../award/award-points.ts';
import { reverseAward } from '../award/reverse-award.ts';
import { PointsAccountResolver } from '../award/points.graphql.ts';
import { pointsContext } from '../context.ts';
import { preparePoints } from '../prepare.ts';
import { openPointsUnitOfWork } from '../unit-of-work.ts';
import { expirePoints, lotsThatEnded } from './expire-points.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('points_expiry');
  await prepareLedger(database.connection);
  await preparePoints(database.connection);
});
afterAll(() => database.drop());

const account = async (member: string) =>
  openLedger(database.connection).account(null, pointsAccount(`pta_${member}`));

/** The points that a member is shown at an instant. */
const shown = (memberId: string, clock: Clock) => {
  const caller = { locale: 'ja', requestId: 'r', clientId: null, scopes: [] } as const;
  const context = pointsContext(database.connection, clock)({ kind: 'anonymous', ...caller });
  return new PointsAccountResolver().balance({ id: 'pta_a', memberId }, context);
};

describe('points', () => {
  it('expire on the day after their last, each lot once, and a cancel that comes later takes no others', async () => {
    const clock = fixedClock('2019-03-31T03:00:00Z');
    const unitOfWork = openPointsUnitOfWork(database.connection);
    const { holdersOf } = openLedger(database.connection);
    const expire = expirePoints(unitOfWork, holdersOf, clock, () => 1);
    const payment = (paymentId: string) => ({
      paymentId,
      memberId: 'mem_a',
      walletId: 'wal_a',
      amount: 1_000,
      businessDate: businessDate(clock.now()),
    });
    const award = awardPoints(unitOfWork, fixedControls(), clock);
    clock.advance(200 * 24 * 3_600_000);
    await award({ ...payment('pay_old'), businessDate: '2019-07-01' as BusinessDate });
    clock.advance(300 * 24 * 3_600_000);
    await award(payment('pay_new'));
    expect(await account('a')).toMatchObject({
      posted: 10,
      lots: { '2021-03-31': 5, '2022-03-31': 5 },
    });

    clock.advance(Date.parse('2021-03-31T14:59:59.999Z') - clock.now().getTime());
    expect(await expire()).toBe(0);
    expect(await shown('mem_a', clock)).toBe(10);
    clock.advance(1); // 1 April, 0:00 in Tokyo
    expect(await shown('mem_a', clock), 'no sweep has come yet').toBe(5);
    expect(await expire()).toBe(1);
    expect(await expire()).toBe(0);
    expect(await account('a')).toMatchObject({ posted: 5, lots: { '2022-03-31': 5 } });

    const cancelled = { ...payment('pay_old'), n: 1, cancelled: true };
    await reverseAward(unitOfWork, fixedControls(), clock)(cancelled);
    expect(await account('a')).toMatchObject({ posted: 5 });
    expect((await verifyBooks(database.connection)).faults).toEqual([]);
  });

  it('of a fiscal year have ended when its next one has begun', () => {
    expect(lotsThatEnded('2021-03-31' as BusinessDate)[0]).toBe('2020-03-31');
    expect(lotsThatEnded('2021-04-01' as BusinessDate)[0]).toBe('2021-03-31');
  });
});
