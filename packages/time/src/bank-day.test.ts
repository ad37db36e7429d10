import { describe, expect, it } from 'vitest';
import { isBankDay, isHoliday, nextBankDay } from './bank-day.ts';
import type { BusinessDate } from './business-date.ts';

const on = (date: string) => date as BusinessDate;

describe('a bank day', () => {
  it.each([
    ['2019-10-22', '即位礼正殿の儀'],
    ['2020-01-13', '成人の日'],
    ['2019-08-12', '山の日 on a Sunday'],
    ['2019-11-04', '文化の日 on a Sunday'],
    ['2019-09-23', '秋分の日'],
    ['2020-03-20', '春分の日'],
    ['2020-02-24', '天皇誕生日 on a Sunday'],
    ['2020-05-06', '憲法記念日 on a Sunday, three in a row'],
    ['2026-09-22', 'between 敬老の日 and 秋分の日'],
    ['2026-05-06', '憲法記念日 on a Sunday'],
    ['2021-08-09', '山の日, moved for the Games'],
  ])('is not %s: %s', (date) => {
    expect(isHoliday(on(date))).toBe(true);
    expect(isBankDay(on(date))).toBe(false);
  });

  it.each(['2019-12-23', '2020-10-12', '2021-07-19', '2019-07-01', '2020-01-06', '2019-12-30'])(
    'is %s',
    (date) => {
      expect(isBankDay(on(date))).toBe(true);
    },
  );

  it.each([
    ['2019-07-05', '2019-07-08'],
    ['2019-12-30', '2020-01-06'],
    ['2019-10-21', '2019-10-23'],
  ])('after %s is %s', (date, next) => {
    expect(nextBankDay(on(date))).toBe(next);
  });
});
