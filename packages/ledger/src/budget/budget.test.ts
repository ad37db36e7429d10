import { isRefused } from '@7pay/refusals';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBooks } from '../audit/verify-books.ts';
import { pointsAccount } from '../account/account.ts';
import { credit } from '../entry/journal-entry.ts';
import { payment, testLedger, type TestLedger, topUp } from '../testing/test-ledger.ts';
import { type Budget, fundingLegs } from './budget.ts';
import { grantFromBudget, openBudget } from './budget.store.ts';

let under: TestLedger;
beforeAll(async () => {
  under = await testLedger('ledger_budget');
});
afterAll(() => under.database.drop());

const AT = new Date('2019-07-01T03:00:00Z');
const told = (id: string) => ({ id, wallet: 'sys:budget', at: AT, generation: 1, ref: {} });

async function budgetOf(id: string, total: number, slices: number) {
  const budget: Budget = { id, currency: 'NPT', slices };
  const open = () =>
    under.inUnit((session) =>
      openBudget(under.ledger, session, { budget, total, told: told(`${id}:fund`) }),
    );
  await open();
  await open(); // once
  await under.inUnit((session) =>
    under.ledger.openAccount(session, {
      id: pointsAccount(`pta_${id}`),
      kind: 'USER_POINTS',
      currency: 'NPT',
      owner: 'mem_1',
      wallet: 'wal_1',
      cap: null,
    }),
  );
  return (grantId: string, amount: number) =>
    under.inUnit(async (session) => {
      const earlier = await under.ledger.entry(session, `${id}:${grantId}`);
      if (earlier) return earlier;
      const to = { currency: 'NPT', origin: 'points' } as const;
      const credits = [credit(pointsAccount(`pta_${id}`), amount, to)];
      const plan = {
        ...told(`${id}:${grantId}`),
        wallet: 'wal_1',
        kind: 'POINTS_AWARD' as const,
        credits,
      };
      return grantFromBudget(under.ledger, session, { budget, amount, plan });
    });
}
const given = async (id: string) =>
  (await under.ledger.account(null, pointsAccount(`pta_${id}`)))?.posted ?? 0;

describe('a budget', () => {
  it('is filled to the last unit, in slices that differ by one at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 40 }),
        (total, slices) => {
          const [source, ...legs] = fundingLegs({ id: 'b', currency: 'NPT', slices }, total);
          const amounts = legs.map(({ amount }) => amount);
          expect(source?.amount).toBe(total);
          expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(total);
          expect(Math.max(...amounts) - Math.min(...amounts)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('gives all of itself, over the borders of its slices, and no more', async () => {
    const grant = await budgetOf('whole', 100, 8);
    expect(isRefused(await grant('g-1', 60))).toBe(false);
    expect(isRefused(await grant('g-2', 40))).toBe(false);
    expect(await grant('g-3', 1)).toMatchObject({ refused: 'BUDGET_EXHAUSTED' });
    expect(await given('whole')).toBe(100);
  });

  it('is never exceeded by many who ask at once, and nobody is refused while enough is left', async () => {
    const grant = await budgetOf('race', 50, 4);
    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => grant(`g-${n}`, 5)));
    expect(answers.filter((answer) => !isRefused(answer))).toHaveLength(10);
    expect(await given('race')).toBe(50);
  });

  it('grants once under one id', async () => {
    const grant = await budgetOf('once', 50, 4);
    await Promise.all([grant('g', 10), grant('g', 10), grant('g', 10)]);
    expect(await given('once')).toBe(10);
  });

  it('leaves exact books', async () => {
    expect((await verifyBooks(under.database.connection)).faults).toEqual([]);
  });
});

describe('a balance as of an instant', () => {
  it('is what it was then, whatever came later', async () => {
    const wallet = await under.openWallet('wal_asof');
    const at = (minute: number) => new Date(AT.getTime() + minute * 60_000);
    await under.post({ ...topUp('asof-1', wallet, 1_000), at: at(1) });
    await under.post({ ...payment('asof-2', wallet, 300), at: at(2) });
    await under.post({ ...payment('asof-3', wallet, 100), at: at(2) });
    await under.post({ ...payment('asof-4', wallet, 50), at: at(3) });
    const posted = async (minute: number) =>
      (await under.ledger.balanceAsOf(`wallet:${wallet}`, at(minute)))?.posted;
    expect([await posted(0), await posted(1), await posted(2), await posted(9)]).toEqual([
      undefined,
      1_000,
      600,
      550,
    ]);
  });
});
