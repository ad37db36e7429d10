import { describe, expect, it } from 'vitest';
import * as format from './format.ts';

// 2019-07-03 15:30 UTC is the next day, 0:30, in Japan.
const instant = '2019-07-03T15:30:00.000Z';

describe('formatting', () => {
  it.each([
    ['yen', format.formatYen(1234567, 'ja'), '1,234,567円'],
    ['yen in English', format.formatYen(1234567, 'en'), '¥1,234,567'],
    ['no yen', format.formatYen(0, 'ja'), '0円'],
    ['points', format.formatPoints(1200, 'ja'), '1,200ポイント'],
    ['one point in English', format.formatPoints(1, 'en'), '1 point'],
    ['a time', format.formatTime(instant, 'ja'), '2019年7月4日 00:30'],
    ['a time in English', format.formatTime(instant, 'en'), '4 Jul 2019, 00:30 JST'],
    ['a clock', format.formatClock(instant, 'ja'), '00:30'],
    ['a day', format.formatDay(instant, 'ja'), '7月4日'],
    ['a business date', format.formatDate('2019-07-01', 'ja'), '2019年7月1日'],
    ['a month', format.formatMonth('2019-07-31', 'ja'), '2019年7月'],
    ['a month in English', format.formatMonth('2019-07-31', 'en'), 'July 2019'],
    ['the Japanese day of an instant', format.tokyoDate(new Date(instant)), '2019-07-04'],
  ])('gives %s', (_, given, expected) => {
    // Some versions of ICU put a narrow space where others put a plain one.
    expect(given.replace(/\s/gu, ' ')).toBe(expected);
  });
});
