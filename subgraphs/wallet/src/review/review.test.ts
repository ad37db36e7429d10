import type { BusinessDate } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import {
  beginReview,
  DATED_RULES,
  endReview,
  endUndecided,
  reviewOf,
  type Review,
  type ReviewFacts,
} from './review.ts';

const quiet: ReviewFacts = {
  businessDate: '2019-07-03' as BusinessDate,
  amountYen: 1_000,
  largestYen: 20_000,
  walletAgeHours: 1_000,
  deviceAgeHours: null,
  limitRaisedHours: null,
  contactChangedHours: null,
};

describe('a payment', () => {
  it.each<[string, Partial<ReviewFacts>, readonly string[]]>([
    ['of a usual amount is not held', {}, []],
    ['three times the largest is not held', { amountYen: 60_000 }, []],
    ['above three times the largest is held', { amountYen: 60_001 }, ['UNUSUAL_AMOUNT']],
    ['far above the largest, and small, is not held', { amountYen: 49_999, largestYen: 1 }, []],
    [
      'of 50,000 yen that is the first is held',
      { amountYen: 50_000, largestYen: 0 },
      ['UNUSUAL_AMOUNT'],
    ],
    ['of a new device is held', { amountYen: 30_000, deviceAgeHours: 23 }, ['NEW_DEVICE']],
    ['of a new device, and small, is not held', { amountYen: 29_999, deviceAgeHours: 0 }, []],
    ['of a device of yesterday is not held', { amountYen: 30_000, deviceAgeHours: 24 }, []],
    [
      'of the device that the wallet began with is not held',
      { amountYen: 30_000, deviceAgeHours: 1, walletAgeHours: 1 },
      [],
    ],
    [
      'after a limit was raised is held',
      { amountYen: 30_000, limitRaisedHours: 0 },
      ['LIMIT_RAISED'],
    ],
    [
      'after a contact was changed is held',
      { amountYen: 30_000, contactChangedHours: 5 },
      ['CONTACT_CHANGED'],
    ],
    [
      'is told every reason, in order',
      { amountYen: 90_000, deviceAgeHours: 1, limitRaisedHours: 2 },
      ['UNUSUAL_AMOUNT', 'NEW_DEVICE', 'LIMIT_RAISED'],
    ],
    [
      'of a day without rules is not held',
      { amountYen: 90_000, businessDate: '2019-06-30' as BusinessDate },
      [],
    ],
  ])('%s', (_, facts, reasons) => {
    expect(reviewOf({ ...quiet, ...facts })?.reasons ?? []).toEqual(reasons);
  });

  it('below the lowest threshold is never held, whatever is known of it', () => {
    const amountYen = DATED_RULES.fromYen(quiet.businessDate) - 1;
    const worst = { largestYen: 0, deviceAgeHours: 0, limitRaisedHours: 0, contactChangedHours: 0 };
    expect(reviewOf({ ...quiet, ...worst, amountYen })).toBeNull();
  });
});

describe('a review', () => {
  const at = new Date('2019-07-03T01:00:00Z');
  const decision = { reasons: ['NEW_DEVICE'], rules: '2019-07-01', answerMinutes: 10 } as const;
  const begun = beginReview(decision, at, 'ACCEPTED');
  const minutes = (n: number) => new Date(at.getTime() + n * 60_000);
  const confirmed = (after: number) =>
    ({ how: 'CONFIRMED', by: 'mem_1', at: minutes(after), note: '' }) as const;

  it('ends once', () => {
    const ended = endReview(begun, confirmed(9)) as Review;
    expect(ended).toMatchObject({ ended: { how: 'CONFIRMED' } });
    expect(endReview(ended, confirmed(9))).toMatchObject({ refused: 'REVIEW_ENDED' });
    expect(() => endUndecided(ended, 'EXPIRED', minutes(11))).toThrow('open');
  });

  it('is decided by nobody after its time, but cancelled and let go', () => {
    expect(endReview(begun, confirmed(10))).toMatchObject({ refused: 'REVIEW_ENDED' });
    expect(endUndecided(begun, 'EXPIRED', minutes(10)).ended).toMatchObject({ how: 'EXPIRED' });
    expect(endUndecided(begun, 'CANCELLED', minutes(1)).ended).toMatchObject({ how: 'CANCELLED' });
  });
});
