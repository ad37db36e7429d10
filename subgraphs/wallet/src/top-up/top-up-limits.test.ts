import { yen } from '@7pay/money';
import { describe, expect, it } from 'vitest';
import { checkRoom, leftOf, limitsOn, TOP_UP_LIMITS, type Waiting } from './top-up-limits.ts';
import { checkAmount, type TopUpSource } from './top-up.ts';

const AT = new Date('2019-07-02T03:00:00Z'); // noon in Tokyo
const TODAY = '2019-07-02';
const limitsOf = (source: TopUpSource) => limitsOn(TOP_UP_LIMITS[source], TODAY);
const account = (posted: number, days: Readonly<Record<string, number>> = {}) => ({
  posted,
  limits: {},
  windows: { 'top-up.credit': { hours: {}, days } },
});
const ask = (amount: number, { held = account(0), waiting = [] as readonly Waiting[] } = {}) =>
  checkRoom(held, { source: 'CREDIT', amount, waiting }, limitsOf('CREDIT'), AT);

describe('one top-up', () => {
  it.each<[TopUpSource, number]>([
    ['REGISTER', 49_000],
    ['ATM', 100_000],
    ['CREDIT', 30_000],
    ['DEBIT', 30_000],
    ['POINTS', 100_000],
  ])('by %s may be %i yen, and no more', (source, largest) => {
    expect(checkAmount(yen(largest), limitsOf(source))).toBeNull();
    const more = checkAmount(yen(largest + 1_000), limitsOf(source));
    expect(more).toMatchObject({ refused: 'TOP_UP_LIMIT_EXCEEDED', facts: { limit: largest } });
  });

  it.each<[TopUpSource, number, string | undefined]>([
    ['REGISTER', 1_500, 'TOP_UP_STEP_WRONG'],
    ['ATM', 999, 'TOP_UP_STEP_WRONG'],
    ['CREDIT', 1, 'TOP_UP_STEP_WRONG'],
    ['DEBIT', 29_999, 'TOP_UP_STEP_WRONG'],
    ['POINTS', 1, undefined],
  ])('by %s of %i yen: %s', (source, amount, refused) => {
    expect(checkAmount(yen(amount), limitsOf(source))?.refused).toBe(refused);
  });

  it('before the first rule is above every limit', () => {
    const none = limitsOn(TOP_UP_LIMITS.ATM, '2019-06-30');
    expect(checkAmount(yen(1_000), none)?.refused).toBe('TOP_UP_LIMIT_EXCEEDED');
  });
});

describe('room for a top-up', () => {
  it('is what is left of the day', () => {
    const held = account(0, { [TODAY]: 40_000 });
    expect(ask(20_000, { held })).toBeNull();
    expect(ask(21_000, { held })).toMatchObject({
      refused: 'LIMIT_EXCEEDED',
      facts: { limit: 60_000, left: 20_000, period: 'day' },
    });
  });

  it('is what is left of 30 days, when that is less', () => {
    const days = Object.fromEntries(
      ['03', '10', '20', '25', '30'].map((day) => [`2019-06-${day}`, 59_000]),
    );
    expect(ask(6_000, { held: account(0, days) })).toMatchObject({
      facts: { limit: 300_000, left: 5_000, period: 'days30' },
    });
  });

  it('is taken by what is not decided yet, of the same source', () => {
    const waiting = [
      { source: 'CREDIT', amount: 30_000 },
      { source: 'ATM', amount: 1_000 },
    ] as const;
    expect(ask(30_000, { waiting })).toBeNull();
    expect(ask(31_000, { waiting })).toMatchObject({ facts: { left: 30_000 } });
  });

  it('is what the balance and all that waits leave below the cap', () => {
    const waiting = [{ source: 'ATM', amount: 20_000 }] as const;
    expect(ask(30_000, { held: account(50_000), waiting })).toBeNull();
    expect(ask(30_000, { held: account(50_001), waiting })?.refused).toBe('BALANCE_CAP_EXCEEDED');
  });

  it('is none while ten wait', () => {
    const waiting = Array.from({ length: 10 }, () => ({ source: 'ATM', amount: 1 }) as const);
    expect(ask(1_000, { waiting })?.refused).toBe('TOP_UPS_WAITING');
  });

  it('is less where the owner set less', () => {
    const own = { ...account(0), limits: { 'top-up.credit': { day: 10_000 } } };
    const left = leftOf(own, { source: 'CREDIT', waiting: [] }, limitsOf('CREDIT'), AT);
    expect(left).toEqual({
      day: { limit: 10_000, left: 10_000 },
      days30: { limit: 300_000, left: 300_000 },
    });
  });
});
