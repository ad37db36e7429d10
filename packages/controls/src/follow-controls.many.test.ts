import { unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { silentLog } from '@7pay/telemetry';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followControls } from './follow-controls.ts';
import { LISTED_MAX, openSwitchStore, prepareControls } from './switch.store.ts';

describe('as many switches as there are stores', () => {
  const STORES = 21_000;
  const key = (n: number) => `payment.store.sto_${String(n).padStart(5, '0')}`;
  let many: TestDatabase;
  beforeAll(async () => {
    many = await testDatabase('controls_many');
    await prepareControls(many.connection);
    const row = { state: 'CLOSED', since: new Date(0), reason: null, actor: 'x', reopening: null };
    const stores = Array.from({ length: STORES }, (_, n) => n + 1);
    await many.connection
      .collection<{ _id: string }>('controls_switches')
      .insertMany(stores.map((n) => ({ _id: key(n), ...row, generation: BigInt(n) })));
    await many.connection
      .collection<{ _id: string }>('controls_generation')
      .updateOne({ _id: 'controls' }, { $set: { generation: BigInt(STORES) } });
  });
  afterAll(() => many.drop());
  const flip = (moved: string, state: 'OPEN' | 'CLOSED') =>
    unitOfWork(many.connection, { deadlineMs: 10_000 })((session) =>
      openSwitchStore(many.connection).write(session, {
        key: moved,
        state,
        since: new Date('2019-07-04T05:00:00Z'),
        reason: null,
        actor: 'mem_op',
        reopening: null,
      }),
    );

  it('are all followed, and those behind them in the alphabet too', async () => {
    const followed = await followControls(many.connection, { log: silentLog, leaseMs: 60_000 });
    for (const n of [1, STORES / 2, STORES]) {
      expect(followed.guard(key(n))).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    }
    await flip('top-up.credit', 'CLOSED');
    await followed.refresh();
    expect(followed.guard('top-up.credit')).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    expect(followed.guard(key(STORES))).toMatchObject({ refused: 'FUNCTION_CLOSED' });

    await flip(key(STORES), 'OPEN');
    await followed.refresh();
    expect(isRefused(followed.guard(key(STORES)))).toBe(false);
    expect(followed.guard('top-up.credit', key(1))).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    await followed.stop();

    const later = await followControls(many.connection, { log: silentLog, leaseMs: 60_000 });
    expect(later.guard('top-up.credit')).toMatchObject({ refused: 'FUNCTION_CLOSED' });
    expect(isRefused(later.guard(key(STORES)))).toBe(false);
    await later.stop();
  });

  it('are listed for people up to a limit: the register, then closed ones, the latest first', async () => {
    const listed = await openSwitchStore(many.connection).listed();
    expect(listed.map((row) => row.key)).toEqual([
      'top-up.credit',
      ...Array.from({ length: LISTED_MAX }, (_, n) => key(STORES - 1 - n)),
    ]);
  });
});
