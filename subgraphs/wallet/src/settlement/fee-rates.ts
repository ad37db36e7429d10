import assert from 'node:assert/strict';
import type { BusinessDate } from '@7pay/time';

/** From which business date on a payment costs its merchant how much. */
export interface FeeRate {
  readonly from: string;
  /** Hundredths of a percent of the payment. */
  readonly basisPoints: number;
}

/**
 * The house rate for every merchant, by business date of the payment. Owner: finance. The figures are ours: the real
 * contracts of 2019 are not public. A rate of one merchant alone does not exist yet.
 */
export const FEE_RATES: readonly FeeRate[] = [{ from: '2018-06-14', basisPoints: 150 }];

/** The rate of a payment of this date, in hundredths of a percent. @throws AssertionError when no rate is as old */
export function rateOn(date: BusinessDate, rates: readonly FeeRate[] = FEE_RATES): number {
  const rate = rates.filter(({ from }) => from <= date).sort((a, b) => (a.from < b.from ? 1 : -1));
  assert(rate[0], `no fee rate for ${date}`);
  return rate[0].basisPoints;
}
