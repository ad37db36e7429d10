import { isRefused } from '@7pay/refusals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walletAccount } from './account/account.ts';
import { cancel, payment, testLedger, type TestLedger, topUp } from './testing/test-ledger.ts';
import { verifyBooks } from './audit/verify-books.ts';

let under: TestLedger;
beforeAll(async () => {
  under = await testLedger('ledger_races');
});
afterAll(() => under.database.drop());

const posted = async (wallet: string) =>
  (await under.ledger.account(null, walletAccount(wallet)))?.posted;

describe('at once', () => {
  it('debits of one wallet never take more than there is', async () => {
    const wallet = await under.openWallet('wal_debits');
    await under.post(topUp('debits-0', wallet, 1_000));
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => under.post(payment(`debits-${n + 1}`, wallet, 300))),
    );
    const refusals = answers.filter((answer) => isRefused(answer));
    expect(answers.length - refusals.length).toBe(3);
    expect(new Set(refusals.map((refusal) => refusal.refused))).toEqual(
      new Set(['INSUFFICIENT_BALANCE']),
    );
    expect(await posted(wallet)).toBe(100);
  });

  it('top-ups by different channels never pass the cap together', async () => {
    const wallet = await under.openWallet('wal_cap', 10_000);
    const answers = await Promise.all(
      (['cash', 'credit', 'debit', 'points', 'cash', 'credit'] as const).map((origin, n) =>
        under.post(topUp(`cap-${n}`, wallet, 3_000, origin)),
      ),
    );
    expect(answers.filter((answer) => !isRefused(answer))).toHaveLength(3);
    expect(await posted(wallet)).toBe(9_000);
  });

  it('two cancels of one payment give the money back once', async () => {
    const wallet = await under.openWallet('wal_cancel');
    await under.post(topUp('cancel-0', wallet, 1_000));
    const paid = await under.post(payment('cancel-1', wallet, 700));
    if (isRefused(paid)) throw new Error('it was covered');
    const once = () =>
      under.inUnit(async (session) => {
        const earlier = await under.ledger.entry(session, 'cancel-1:cancel');
        return earlier ?? under.ledger.post(session, cancel(paid));
      });
    const [first, second] = await Promise.all([once(), once()]);
    expect(second).toEqual(first);
    expect(await posted(wallet)).toBe(1_000);
  });

  it('entries of different wallets with the same merchant do not stand in each other’s way', async () => {
    const wallets = await Promise.all(
      Array.from({ length: 6 }, (_, n) => under.openWallet(`wal_own_${n}`)),
    );
    let bodies = 0;
    await Promise.all(
      wallets.map((wallet) =>
        under.inUnit(async (session) => {
          bodies += 1;
          await under.ledger.post(session, topUp(`own-${wallet}`, wallet, 1_000));
        }),
      ),
    );
    expect(bodies).toBe(wallets.length); // nobody had to run again
  });

  it('has left exact books', async () => {
    expect((await verifyBooks(under.database.connection)).faults).toEqual([]);
  });
});
