import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefused } from '@7pay/refusals';
import type { Account } from './account.ts';
import { apply as applied } from './apply.ts';
import type { Origin } from './lots.ts';
import { assertBalanced, credit, debit, type Leg, reversal } from '../entry/journal-entry.ts';

const anAccount = (parts: Partial<Account> = {}): Account => ({
  id: 'wallet:wal_1',
  wallet: 'wal_1',
  kind: 'USER_WALLET',
  currency: 'JPY',
  owner: 'mem_1',
  status: 'OPEN',
  posted: 1_000,
  held: 0,
  holds: [],
  cap: 100_000,
  seq: 3,
  at: null,
  head: 'h3',
  windows: {},
  limits: {},
  lots: { cash: 1_000 },
  ...parts,
});

const AT = new Date('2019-07-01T03:00:00Z');
const apply = (account: Account, legs: readonly Leg[]) => applied(account, { at: AT, legs });

describe('an account', () => {
  it('takes a debit up to what is available and takes cash last', () => {
    const account = anAccount({ lots: { cash: 400, points: 600 } });
    const applied = apply(account, [debit(account.id, 700)]);
    expect(applied).toMatchObject({
      account: { posted: 300, seq: 4, lots: { cash: 300 } },
      legs: [{ lots: { points: 600, cash: 100 } }],
    });
  });

  it.each([
    [
      'a debit above the balance',
      {},
      debit('wallet:wal_1', 1_001),
      { refused: 'INSUFFICIENT_BALANCE', facts: { short: 1 } },
    ],
    [
      'a debit of held money',
      { held: 500, holds: [{ id: 'h', amount: 500, expiresAt: new Date(AT.getTime() + 1) }] },
      debit('wallet:wal_1', 600),
      { refused: 'INSUFFICIENT_BALANCE', facts: { short: 100 } },
    ],
    [
      'a debit when frozen',
      { status: 'FROZEN' as const },
      debit('wallet:wal_1', 1),
      { refused: 'WALLET_FROZEN' },
    ],
    [
      'a credit when closed',
      { status: 'CLOSED' as const },
      credit('wallet:wal_1', 1, { origin: 'cash' }),
      { refused: 'WALLET_FROZEN' },
    ],
    [
      'a credit above the cap',
      {},
      credit('wallet:wal_1', 99_001, { origin: 'cash' }),
      { refused: 'BALANCE_CAP_EXCEEDED', facts: { limit: 100_000 } },
    ],
  ])('refuses %s', (_, parts, leg, refusal) => {
    expect(apply(anAccount(parts), [leg])).toMatchObject(refusal);
  });

  it.each([
    ['opened', { status: 'OPEN' as const }],
    ['frozen', { status: 'FROZEN' as const }],
    ['closed again', { status: 'CLOSED' as const }],
    ['given a cap', { cap: 1 }],
    ['given limits', { limits: { payment: { perEntry: 1 } } }],
  ])('that is closed is not %s', (_, sets) => {
    const closed = anAccount({ status: 'CLOSED', posted: 0, lots: {} });
    expect(applied(closed, { at: AT, legs: [], sets })).toMatchObject({ refused: 'WALLET_FROZEN' });
  });

  it('that is closed lets go of a hold whose time is over', () => {
    const hold = { id: 'h', amount: 500, expiresAt: AT };
    const closed = anAccount({ status: 'CLOSED', posted: 0, lots: {}, held: 500, holds: [hold] });
    expect(applied(closed, { at: AT, legs: [], resolves: 'h' })).toMatchObject({
      account: { status: 'CLOSED', held: 0, holds: [], seq: 4 },
    });
  });

  it('has the same lots again after an entry and its reversal, whatever was spent', () => {
    const origins = fc.constantFrom<Origin>('cash', 'credit', 'debit', 'points', 'compensation');
    fc.assert(
      fc.property(
        fc.dictionary(origins, fc.integer({ min: 1, max: 9_999 }), { minKeys: 1 }),
        fc.nat(),
        (lots, seed) => {
          const posted = Object.values(lots).reduce((sum, lot) => sum + lot, 0);
          const account = anAccount({ posted, lots });
          const spent = apply(account, [debit(account.id, 1 + (seed % posted))]);
          if (isRefused(spent)) throw new Error('it was covered');
          const back = apply(spent.account, reversal(spent.legs));
          expect(back).toMatchObject({ account: { posted, lots } });
        },
      ),
    );
  });
});

describe('an entry', () => {
  it.each([
    ['one leg', [debit('a', 1)]],
    ['legs that differ', [debit('a', 2), credit('b', 1)]],
    ['a zero', [debit('a', 0), credit('b', 0)]],
    ['a fraction', [debit('a', 0.5), credit('b', 0.5)]],
    ['two currencies that only balance together', [debit('a', 1, 'NPT'), credit('b', 1)]],
    ['lots that do not add up', [debit('a', 2), { ...credit('b', 2), lots: { cash: 1 } }]],
  ])('with %s is never written', (_, legs) => {
    expect(() => assertBalanced(legs)).toThrow();
  });
});
