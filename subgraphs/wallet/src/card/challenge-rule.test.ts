import { describe, expect, it } from 'vitest';
import { asksChallenge, type ChargeFacts } from './challenge-rule.ts';

const AT = new Date('2019-07-03T03:00:00Z');
const on = { at: AT, businessDate: '2019-07-03' };
const hoursAgo = (hours: number) => new Date(AT.getTime() - hours * 3_600_000);
const usual: ChargeFacts = {
  amount: 10_000,
  isFirst: false,
  passedAt: hoursAgo(24),
  deviceSince: null,
};

describe('the challenge of a charge', () => {
  it.each<[string, Partial<ChargeFacts>, boolean]>([
    ['a usual amount, passed within a day', {}, false],
    ['the first with the card', { isFirst: true }, true],
    ['above 10,000 yen', { amount: 10_001 }, true],
    ['no challenge passed within a day', { passedAt: hoursAgo(24.01) }, true],
    ['a device that is younger than a day', { deviceSince: hoursAgo(23) }, true],
    ['a device that is older', { deviceSince: hoursAgo(25), passedAt: hoursAgo(900) }, false],
  ])('is asked for by %s: %j → %s', (_, facts, asked) => {
    expect(asksChallenge({ ...usual, ...facts }, on)).toBe(asked);
  });

  it('is always asked for where no rule is in force', () => {
    expect(asksChallenge(usual, { ...on, businessDate: '2019-06-30' })).toBe(true);
  });
});
