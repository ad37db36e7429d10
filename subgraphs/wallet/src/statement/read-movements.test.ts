import type { Account, AccountEntries, AccountEntry, JournalEntry } from '@7pay/ledger';
import { businessDate } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import { movementsOf, readStatement } from './read-movements.ts';
import { monthSpan } from './statement.ts';

const account = 'wallet:wal_1';
const entry = (
  seq: number,
  at: string,
  told: { amount: number; posted: number; kind?: JournalEntry['kind'] },
): AccountEntry => {
  const { amount, posted, kind = 'PAYMENT' } = told;
  const side = amount > 0 ? ('credit' as const) : ('debit' as const);
  const leg = { account, side, amount: Math.abs(amount), currency: 'JPY' as const };
  const stand = { account, seq, posted, held: 0, prev: '' };
  return {
    stand,
    entry: {
      id: `e-${seq}`,
      kind,
      wallet: 'wal_1',
      at: new Date(at),
      businessDate: businessDate(new Date(at)),
      legs: kind === 'ACCOUNT_SET' ? [] : [leg],
      ...(kind === 'PAYMENT_HOLD' ? { holdsUntil: new Date(at) } : {}),
      generation: 1,
      ref: {},
      stands: [stand],
      hash: '',
    },
  };
};
// Opened in the middle of June; the last second of June in Japan, and the first of July; a hold over the end of the month.
const journal = [
  entry(1, '2019-06-15T03:00:00Z', { amount: 5_000, posted: 5_000, kind: 'TOP_UP' }),
  entry(2, '2019-06-30T14:59:58Z', { amount: -700, posted: 5_000, kind: 'PAYMENT_HOLD' }),
  entry(3, '2019-06-30T14:59:59Z', { amount: -100, posted: 4_900 }),
  entry(4, '2019-06-30T15:00:00Z', { amount: -200, posted: 4_700 }),
  entry(5, '2019-06-30T15:00:00Z', { amount: -700, posted: 4_000, kind: 'PAYMENT_CAPTURE' }),
  entry(6, '2019-07-20T00:00:00Z', { amount: 1, posted: 4_000, kind: 'ACCOUNT_SET' }),
];
const entries: AccountEntries = {
  numbered: async (_, from, to) => journal.slice(from - 1, to),
  firstSince: async (_, at) => journal.filter((each) => each.entry.at < at).length + 1,
};
const sources = { entries, accountOf: async () => ({ seq: journal.length }) as Account };
const statement = async (month: string) => {
  const read = await readStatement(sources)('wal_1', monthSpan(month));
  if ('refused' in read) throw new Error(read.refused);
  const { opening, closing, movements } = read;
  return [opening, movements.map(({ amount }) => amount), closing];
};

describe('a statement', () => {
  it.each([
    ['before the wallet was opened', '2019-05', [0, [], 0]],
    [
      'in which it was opened, with a hold that is still open',
      '2019-06',
      [0, [5_000, -100], 4_900],
    ],
    ['in which the hold was captured', '2019-07', [4_900, [-200, -700], 4_000]],
    ['with nothing', '2019-08', [4_000, [], 4_000]],
  ])('of a month %s is exact', async (_, month, told) => {
    expect(await statement(month)).toEqual(told);
  });
});

describe('a page of movements', () => {
  const read = async (limit: number, after: string | null) => {
    const { rows, more } = await movementsOf(sources)('wal_1', { limit, after });
    return [rows.map(({ seq }) => seq), more];
  };
  it('leaves out what moves nothing, and says whether more follows', async () => {
    expect(await read(2, null)).toEqual([[5, 4], true]);
    expect(await read(2, '4')).toEqual([[3, 1], false]);
    expect(await read(2, '1')).toEqual([[], false]);
    expect(await read(2, 'nobody made this')).toEqual([[], false]);
  });
});
