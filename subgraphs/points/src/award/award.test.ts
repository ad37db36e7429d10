import type { BusinessDate } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import { expiryOf, pointsFor } from './award.ts';

const day = (text: string) => text as BusinessDate;

describe('points of a payment', () => {
  it.each([
    [199, 0],
    [200, 1],
    [399, 1],
    [1_080, 5],
    [Number.MAX_SAFE_INTEGER, 45_035_996_273_704],
  ])('of %i yen are %i: whole ones for whole steps', (amount, earned) => {
    expect(pointsFor(amount, day('2019-07-01'))).toBe(earned);
  });

  it('before the first rule are none', () => {
    expect(pointsFor(1_000, day('2019-06-30'))).toBe(0);
  });

  it.each([
    ['2019-03-31', '2020-03-31'],
    ['2019-04-01', '2021-03-31'],
    ['2019-12-31', '2021-03-31'],
    ['2020-01-01', '2021-03-31'],
  ])('earned on %s can be spent until %s', (earned, last) => {
    expect(expiryOf(day(earned))).toBe(last);
  });
});
