import { describe, expect, it } from 'vitest';
import { businessDate, isBusinessDate } from './business-date.ts';

describe('a business date', () => {
  it.each([
    ['2019-07-01T14:59:59.999Z', '2019-07-01'],
    ['2019-07-01T15:00:00.000Z', '2019-07-02'],
    ['2019-09-30T15:00:00.000Z', '2019-10-01'],
    ['2020-12-31T15:00:00.000Z', '2021-01-01'],
  ])('of %s is %s in Japan', (at, day) => {
    expect(businessDate(new Date(at))).toBe(day);
  });

  it.each(['2019-02-29', '2019-13-01', '2019-7-1', '20190701', '２０１９-07-01', ''])(
    'refuses %j',
    (text) => {
      expect(isBusinessDate(text)).toBe(false);
    },
  );

  it('accepts a leap day', () => {
    expect(isBusinessDate('2020-02-29')).toBe(true);
  });
});
