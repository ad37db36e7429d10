import { isRefused } from '@7pay/refusals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOLDS_AT_ONCE, walletAccount } from './account/account.ts';
import { credit, debit, type EntryPlan } from './entry/journal-entry.ts';
import { capturePlan, holdPlan, releasePlan } from './entry/plans.ts';
import { testLedger, type TestLedger, topUp } from './testing/test-ledger.ts';
import { verifyBooks } from './audit/verify-books.ts';

let under: TestLedger;
beforeAll(async () => {
  under = await testLedger('ledger_holds');
});
afterAll(() => under.database.drop());

const AT = new Date('2019-07-01T03:00:00Z');
const after = (minutes: number) => new Date(AT.getTime() + minutes * 60_000);
const legsOf = (wallet: string, amount: number) => [
  debit(walletAccount(wallet), amount),
  credit('merchant:mer_1', amount),
];
const told = (id: string, wallet: string, minutes = 0) => ({
  id,
  wallet,
  at: after(minutes),
  generation: 1,
  ref: {},
});
const hold = (id: string, wallet: string, amount: number) =>
  holdPlan(told(id, wallet), legsOf(wallet, amount), after(10));
const capture = (id: string, wallet: string, amount: number, minutes = 5): EntryPlan =>
  capturePlan(told(`${id}:capture`, wallet, minutes), id, legsOf(wallet, amount));
const release = (id: string, wallet: string, minutes = 5): EntryPlan =>
  releasePlan(told(`${id}:release`, wallet, minutes), id);
const account = (wallet: string) => under.ledger.account(null, walletAccount(wallet));

async function walletWith(name: string, amount: number): Promise<string> {
  const wallet = await under.openWallet(`wal_${name}`);
  await under.post({ ...topUp(`${name}-0`, wallet, amount), at: AT });
  return wallet;
}

describe('a hold', () => {
  it('keeps value back and moves nothing', async () => {
    const wallet = await walletWith('keeps', 1_000);
    const entry = await under.post(hold('keeps-1', wallet, 700));
    expect(entry).toMatchObject({ stands: [{ posted: 1_000, held: 700 }] });
    expect(await under.post(hold('keeps-2', wallet, 301))).toMatchObject({
      refused: 'INSUFFICIENT_BALANCE',
      facts: { short: 1 },
    });
    const { balances } = await verifyBooks(under.database.connection);
    expect(balances.get('merchant:mer_1') ?? 0).toBe(0);
  });

  it('is captured in part, and the rest is let go', async () => {
    const wallet = await walletWith('part', 1_000);
    await under.post(hold('part-1', wallet, 700));
    expect(await under.post(capture('part-1', wallet, 600))).toMatchObject({
      kind: 'PAYMENT_CAPTURE',
      resolves: 'part-1',
      legs: [{ lots: { cash: 600 } }, {}],
    });
    expect(await account(wallet)).toMatchObject({ posted: 400, held: 0, holds: [] });
  });

  it.each([
    ['more than is held', 701, 5, 'CAPTURE_ABOVE_HOLD'],
    ['anything when its time is over', 1, 10, 'HOLD_NOT_OPEN'],
  ])('does not give %s', async (_, amount, minutes, refused) => {
    const name = refused.toLowerCase().replaceAll('_', '');
    const wallet = await walletWith(name, 1_000);
    await under.post(hold(`${name}-1`, wallet, 700));
    expect(await under.post(capture(`${name}-1`, wallet, amount, minutes))).toMatchObject({
      refused,
    });
    expect(await account(wallet)).toMatchObject({ posted: 1_000 });
  });

  it('that nobody swept locks nothing when its time is over', async () => {
    const wallet = await walletWith('unswept', 1_000);
    await under.post(hold('unswept-1', wallet, 1_000));
    const late = { ...hold('unswept-2', wallet, 1_000), at: after(10), holdsUntil: after(20) };
    expect(isRefused(await under.post(late))).toBe(false);
    expect(await account(wallet)).toMatchObject({ held: 1_000, holds: [{ id: 'unswept-2' }] });
    expect(isRefused(await under.post(release('unswept-1', wallet, 11)))).toBe(false);
    expect(await account(wallet)).toMatchObject({ held: 1_000 });
  });

  it('ends once, whoever comes', async () => {
    const wallet = await walletWith('once', 1_000);
    await under.post(hold('once-1', wallet, 700));
    const ends = [
      capture('once-1', wallet, 700),
      release('once-1', wallet),
      { ...capture('once-1', wallet, 300), id: 'once-1:again' },
    ];
    const answers = await Promise.all(ends.map((end) => under.post(end)));
    const [winner, ...others] = answers.filter((answer) => !isRefused(answer));
    expect(others).toEqual([]);
    expect(answers.filter((answer) => isRefused(answer)).map(({ refused }) => refused)).toEqual([
      'HOLD_NOT_OPEN',
      'HOLD_NOT_OPEN',
    ]);
    expect(await under.ledger.resolutionOf(null, { id: 'once-1', wallet })).toEqual(winner);
    expect(await account(wallet)).toMatchObject({ held: 0 });
  });

  it('is one of few: a wallet cannot be filled with them', async () => {
    const wallet = await walletWith('many', 1_000);
    for (let n = 0; n < HOLDS_AT_ONCE; n += 1) await under.post(hold(`many-h${n}`, wallet, 1));
    expect(await under.post(hold('many-more', wallet, 1))).toMatchObject({
      refused: 'TOO_MANY_HOLDS',
      facts: { limit: HOLDS_AT_ONCE },
    });
  });

  it('and its end by a clock that runs behind keep the account’s time', async () => {
    const wallet = await walletWith('clock', 1_000);
    await under.post(hold('clock-1', wallet, 700));
    const entry = await under.post(release('clock-1', wallet, -5));
    expect(entry).toMatchObject({ at: AT });
  });

  it('has left exact books', async () => {
    expect((await verifyBooks(under.database.connection)).faults).toEqual([]);
  });
});
