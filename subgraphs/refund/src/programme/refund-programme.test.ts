import { describe, expect, it } from 'vitest';
import { openProgramme, type ProgrammeNotice } from './refund-programme.ts';

const DAY_MS = 86_400_000;
// 1 October in Tokyo, at noon: the day began on 30 September at 15:00 UTC.
const now = new Date('2019-10-01T03:00:00Z');
const TODAY = new Date('2019-09-30T15:00:00Z');
const days = (count: number, from = TODAY) => new Date(from.getTime() + count * DAY_MS);
const notice = (claimsFrom: Date, claimsUntil: Date, noticeDate: string): ProgrammeNotice => ({
  title: '払戻し',
  issuer: '7pay',
  instrument: '第三者型',
  noticeDate,
  claimsFrom,
  claimsUntil,
  contact: '0120',
  howToClaim: 'アプリ',
  howPaid: '振込',
  exclusionNotice: '除斥',
});
const opened = (claimsFrom: Date, claimsUntil: Date, noticeDate = '2019-08-01') =>
  openProgramme(
    notice(claimsFrom, claimsUntil, noticeDate),
    { id: 'rfp_1', openedBy: 'mem_ops' },
    { running: null, now },
  );

describe('the window of a refund programme', () => {
  it.each([
    ['from today', TODAY, days(60)],
    ['from later on', days(10), days(70)],
    ['from days ago, with 60 days left', days(-30), days(60)],
  ])('%s is long enough', (_, from, until) => {
    expect(opened(from, until)).toMatchObject({ id: 'rfp_1', claimsUntil: until });
  });

  it.each([
    ['that is over', days(-100), days(-30)],
    ['that ends today', days(-60), days(0)],
    [
      'that began in time and leaves a second less than 60 days',
      days(-30),
      new Date(days(60).getTime() - 1_000),
    ],
    ['of a second less than 60 days later on', days(10), new Date(days(70).getTime() - 1_000)],
  ])('%s is too short', (_, from, until) => {
    expect(opened(from, until)).toMatchObject({
      refused: 'REFUND_WINDOW_TOO_SHORT',
      facts: { days: 60 },
    });
  });

  it.each([
    ['that begins in 180 days', days(180), days(240)],
    ['of two years', days(10), days(10 + 731)],
  ])('%s is near and short enough', (_, from, until) => {
    expect(opened(from, until)).toMatchObject({ claimsFrom: from, claimsUntil: until });
  });

  it.each([
    ['that begins in a year that was mistyped', days(365_000), days(365_060)],
    ['that begins a second too late', new Date(days(180).getTime() + 1_000), days(300)],
    ['that ends in a year that was mistyped', days(10), days(365_000)],
    ['that began in a year that was mistyped', days(-36_500), days(60)],
    ['of a second more than two years', days(10), new Date(days(741).getTime() + 1_000)],
  ])('%s is refused, and the refusal names the limits', (_, from, until) => {
    expect(opened(from, until)).toMatchObject({
      refused: 'REFUND_WINDOW_OUT_OF_BOUNDS',
      facts: { aheadDays: 180, days: 731 },
    });
  });

  it('counts from the day of the public notice in Japan, when that is later than its first', () => {
    const told = '2019-10-11'; // ten days after the window begins
    expect(opened(TODAY, days(70), told)).toMatchObject({ id: 'rfp_1', noticeDate: told });
    for (const until of [days(60), new Date(days(70).getTime() - 1_000)]) {
      expect(opened(TODAY, until, told)).toMatchObject({ refused: 'REFUND_WINDOW_TOO_SHORT' });
    }
  });
});
