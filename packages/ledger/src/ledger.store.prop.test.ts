import { isRefused } from '@7pay/refusals';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walletAccount } from './account/account.ts';
import type { Origin } from './account/lots.ts';
import type { JournalEntry } from './entry/journal-entry.ts';
import { cancel, payment, testLedger, type TestLedger, topUp } from './testing/test-ledger.ts';
import { verifyBooks } from './audit/verify-books.ts';

let under: TestLedger;
beforeAll(async () => {
  under = await testLedger('ledger_prop');
});
afterAll(() => under.database.drop());

const CAP = 10_000;
const WALLETS = 3;
const wallet = fc.nat({ max: WALLETS - 1 });
const amount = fc.integer({ min: 1, max: 6_000 });
const origin = fc.constantFrom<Origin>('cash', 'credit', 'debit', 'points', 'compensation');
const step = fc.oneof(
  fc.record({ kind: fc.constant('topUp' as const), wallet, amount, origin }),
  fc.record({ kind: fc.constant('pay' as const), wallet, amount }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat({ max: 4 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What the books should say, in the simplest words. */
interface Model {
  readonly balances: number[];
  readonly open: {
    readonly paid: JournalEntry;
    readonly wallet: number;
    readonly amount: number;
  }[];
}

describe('whatever is topped up, paid and cancelled', () => {
  let runs = 0;
  let taken = 0;
  let refused = 0;

  async function take(model: Model, names: readonly string[], each: Step, id: string) {
    const { balances, open } = model;
    if (each.kind === 'cancel') {
      const [undone] = open.splice(each.which % Math.max(1, open.length), 1);
      if (!undone) return;
      // What was taken is given back whole, above the cap too.
      expect(isRefused(await under.post(cancel(undone.paid)))).toBe(false);
      balances[undone.wallet]! += undone.amount;
      return;
    }
    const name = names[each.wallet]!;
    const after = balances[each.wallet]! + (each.kind === 'topUp' ? each.amount : -each.amount);
    const plan =
      each.kind === 'topUp'
        ? topUp(id, name, each.amount, each.origin)
        : payment(id, name, each.amount);
    const answer = await under.post(plan);
    if (after < 0 || (each.kind === 'topUp' && after > CAP)) {
      refused += 1;
      expect(answer).toMatchObject({
        refused: after < 0 ? 'INSUFFICIENT_BALANCE' : 'BALANCE_CAP_EXCEEDED',
      });
      return;
    }
    taken += 1;
    if (isRefused(answer)) throw new Error(`refused ${answer.refused} within the limits`);
    balances[each.wallet] = after;
    if (each.kind === 'pay') open.push({ paid: answer, wallet: each.wallet, amount: each.amount });
  }

  it('the balances are those of the simplest model, never below 0 nor topped up above the cap, and the books are exact', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
        runs += 1;
        const names = await Promise.all(
          Array.from({ length: WALLETS }, (_, n) => under.openWallet(`wal_${runs}_${n}`, CAP)),
        );
        const model: Model = { balances: names.map(() => 0), open: [] };
        for (const [index, each] of steps.entries()) {
          await take(model, names, each, `${runs}-${index}`);
        }
        const stored = await under.ledger.accounts(names.map(walletAccount));
        const byId = new Map(stored.map(({ id, posted }) => [id, posted]));
        expect(names.map((name) => byId.get(walletAccount(name)))).toEqual(model.balances);
        if (runs % 10 === 0) {
          expect((await verifyBooks(under.database.connection)).faults).toEqual([]);
        }
      }),
      { numRuns: 60, seed: SEED },
    );
    const books = await verifyBooks(under.database.connection);
    expect(books.faults).toEqual([]);
    const total = [...books.balances.values()].reduce((sum, balance) => sum + balance, 0);
    expect(total).toBe(0); // no money appeared
    expect(Math.min(taken, refused), `seed ${SEED}`).toBeGreaterThan(20); // both ways were tried
  }, 90_000);
});

// fast-check names the seed and the smallest failing example in its report.
const SEED = 20190701;
