import type { Leg } from '@7pay/ledger';
import fc from 'fast-check';
import type { BusinessDate } from '@7pay/time';
import { describe, expect, it } from 'vitest';
import { rateOn } from './fee-rates.ts';
import {
  closed,
  feeOf,
  type RateSums,
  type SettlementBatch,
  settlementEntry,
} from './settlement.ts';

const balanceOf = (legs: readonly Leg[]) =>
  legs.reduce((sum, { side, amount }) => sum + (side === 'debit' ? amount : -amount), 0);
const open: SettlementBatch = {
  id: 'stl_1',
  merchantId: 'mer_1',
  businessDate: '2019-07-01' as BusinessDate,
  state: 'OPEN',
  rates: [],
  count: 0,
  number: 0,
  carriedIn: 0,
  fee: 0,
  settled: 0,
  carriedOut: 0,
  closedAt: null,
};
const at = new Date('2019-07-01T15:10:00Z');
const standing = { merchantId: 'mer_1', closedThrough: null, carried: 0, closed: 0 };
const of = (basisPoints: number, payments: number, refunds = 0): RateSums => ({
  basisPoints,
  payments,
  refunds,
});

describe('the fee of a batch', () => {
  it.each([
    ['nothing', [], 0],
    ['a whole yen', [of(150, 10_000)], 150],
    ['rounded down once for all payments', [of(150, 199)], 2],
    ['below a yen', [of(150, 66)], 0],
    ['less refunds', [of(150, 10_000, 4_000)], 90],
    ['given back, rounded towards the merchant', [of(150, 0, 199)], -3],
    ['by each rate for itself', [of(150, 199), of(100, 199)], 3],
    ['of more than a double can multiply', [of(150, 9_007_199_254_740_900)], 135_107_988_821_113],
  ])('of %s', (_, rates, fee) => {
    expect(feeOf(rates)).toBe(fee);
  });

  it('is the largest whole number that is not above the product, below zero too', () => {
    const sums = fc.record({
      basisPoints: fc.integer({ min: 0, max: 10_000 }),
      payments: fc.nat({ max: 2 ** 48 }),
      refunds: fc.nat({ max: 2 ** 48 }),
    });
    fc.assert(
      fc.property(sums, (rate) => {
        const fee = BigInt(feeOf([rate]));
        const product = BigInt(rate.payments - rate.refunds) * BigInt(rate.basisPoints);
        expect(fee * 10_000n <= product && product < (fee + 1n) * 10_000n).toBe(true);
      }),
    );
  });

  it('follows the date of the payment', () => {
    const rates = [
      { from: '2019-10-01', basisPoints: 100 },
      { from: '2019-07-01', basisPoints: 150 },
    ];
    expect(rateOn('2019-09-30' as BusinessDate, rates)).toBe(150);
    expect(rateOn('2019-10-01' as BusinessDate, rates)).toBe(100);
    expect(() => rateOn('2019-06-30' as BusinessDate, rates)).toThrow('no fee rate');
  });
});

describe('closing a batch', () => {
  it.each([
    ['pays what is left', 0, of(150, 10_000, 1_000), { fee: 135, settled: 8_865, carriedOut: 0 }],
    ['carries what lacks', 0, of(150, 1_000, 3_000), { fee: -30, settled: 0, carriedOut: -1_970 }],
    [
      'takes over what lacked',
      -1_970,
      of(150, 10_000),
      { fee: 150, settled: 7_880, carriedOut: 0 },
    ],
    ['comes to nothing', -985, of(150, 1_000), { fee: 15, settled: 0, carriedOut: 0 }],
  ])('%s', (_, carried, rate, expected) => {
    expect(closed({ ...open, rates: [rate] }, { ...standing, carried }, at)).toMatchObject(
      expected,
    );
  });

  it('adds up to the yen from batch to batch, and its entries balance, whatever came in', () => {
    const sums = fc.record({
      basisPoints: fc.constantFrom(0, 100, 150, 9_999),
      payments: fc.nat({ max: 3_000_000 }),
      refunds: fc.nat({ max: 3_000_000 }),
    });
    const batches = fc.array(fc.array(sums, { maxLength: 3 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(batches, (given) => {
        let before = { ...standing };
        let [moved, settled, fees] = [0, 0, 0];
        for (const rates of given) {
          const batch = closed({ ...open, rates }, before, at);
          const entry = settlementEntry(batch, 1);
          if (entry) expect(balanceOf(entry.legs)).toBe(0);
          moved += rates.reduce((sum, rate) => sum + rate.payments - rate.refunds, 0);
          settled += batch.settled;
          fees += batch.fee;
          expect(batch.settled === 0 || batch.carriedOut === 0).toBe(true);
          expect(batch.number).toBe(before.closed + 1);
          before = { ...before, carried: batch.carriedOut, closed: batch.number };
          expect(moved - fees).toBe(settled + before.carried);
        }
      }),
    );
  });

  it('writes no entry where nothing moves', () => {
    expect(settlementEntry(closed(open, standing, at), 1)).toBeNull();
  });
});
