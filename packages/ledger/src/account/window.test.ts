import { isRefused } from '@7pay/refusals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { giveBack, leftIn, pass, tightened, type WindowLimits, type Windows } from './window.ts';

const at = (text: string) => new Date(text);
const CHANNEL = 'payment';
function passed(limits: WindowLimits, ...entries: [string, number][]): Windows {
  return entries.reduce<Windows>((windows, [when, amount]) => {
    const next = pass(windows, { channel: CHANNEL, amount, limits }, at(when));
    if (isRefused(next)) throw new Error(next.refused);
    return next;
  }, {});
}

describe('a window', () => {
  it.each<[string, WindowLimits, [string, number][], string, number, object]>([
    ['one entry above its limit', { perEntry: 500 }, [], '2019-07-01T00:00Z', 501, { limit: 500 }],
    [
      'what is above the day, counted in Tokyo',
      { day: 1_000 },
      [['2019-07-01T15:00Z', 900]],
      '2019-07-02T14:59:59Z',
      101,
      { limit: 1_000, left: 100, period: 'day' },
    ],
    [
      'what is above 24 hours across midnight',
      { hours24: 1_000 },
      [['2019-07-01T14:00Z', 900]],
      '2019-07-02T13:00Z',
      101,
      { left: 100, period: 'hours24' },
    ],
    [
      'what is above 30 days',
      { days30: 1_000 },
      [['2019-07-01T00:00Z', 900]],
      '2019-07-30T14:59:59Z',
      101,
      { left: 100, period: 'days30' },
    ],
  ])('refuses %s', (_, limits, before, when, amount, facts) => {
    const windows = passed(limits, ...before);
    expect(pass(windows, { channel: CHANNEL, amount, limits }, at(when))).toMatchObject({
      refused: 'LIMIT_EXCEEDED',
      facts,
    });
  });

  it.each<[string, WindowLimits, string, string]>([
    ['the next day in Tokyo', { day: 1_000 }, '2019-07-01T14:59Z', '2019-07-01T15:00Z'],
    ['25 hours later', { hours24: 1_000 }, '2019-07-01T14:00Z', '2019-07-02T15:00Z'],
    ['on the 31st day', { days30: 1_000 }, '2019-07-01T00:00Z', '2019-07-30T15:00Z'],
  ])('is free again %s', (_, limits, before, when) => {
    const windows = passed(limits, [before, 1_000]);
    expect(isRefused(pass(windows, { channel: CHANNEL, amount: 1_000, limits }, at(when)))).toBe(
      false,
    );
  });

  it('of one channel does not count what passed through another', () => {
    const windows = passed({ day: 1_000 }, ['2019-07-01T00:00Z', 1_000]);
    const other = { channel: 'top-up.credit', amount: 1_000, limits: { day: 1_000 } };
    expect(isRefused(pass(windows, other, at('2019-07-01T00:00Z')))).toBe(false);
  });

  it('is the tighter of what the house and the owner set', () => {
    const passing = { channel: CHANNEL, amount: 1, limits: { day: 1_000, perEntry: 500 } };
    expect(
      tightened(passing, { [CHANNEL]: { day: 300, days30: 900, perEntry: 800 } }).limits,
    ).toEqual({
      day: 300,
      perEntry: 500,
      days30: 900,
    });
    expect(tightened(passing, { other: { day: 1 } })).toEqual(passing);
  });

  it('counts what was given back no more', () => {
    const limits = { day: 1_000, hours24: 1_000, days30: 1_000 };
    const countedAt = at('2019-07-01T00:00Z');
    const windows = passed(limits, ['2019-07-01T00:00Z', 1_000]);
    const back = giveBack(windows, { channel: CHANNEL, amount: 1_000, countedAt }, countedAt);
    expect(leftIn(back[CHANNEL], limits, countedAt)).toMatchObject({
      day: 1_000,
      hours24: 1_000,
      days30: 1_000,
    });
  });

  it('lets no more than its limit through in any 24 hours, whatever comes when', () => {
    const limits = { hours24: 1_000 };
    const steps = fc.array(
      fc.record({ minutes: fc.nat({ max: 600 }), amount: fc.integer({ min: 1, max: 700 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        let windows: Windows = {};
        let now = at('2019-06-30T20:17Z').getTime();
        const through: { when: number; amount: number }[] = [];
        for (const { minutes, amount } of taken) {
          now += minutes * 60_000;
          const next = pass(windows, { channel: CHANNEL, amount, limits }, new Date(now));
          if (isRefused(next)) continue;
          windows = next;
          through.push({ when: now, amount });
          const recent = through.filter(({ when }) => when > now - 24 * 3_600_000);
          expect(recent.reduce((sum, each) => sum + each.amount, 0)).toBeLessThanOrEqual(1_000);
        }
        expect(Object.keys(windows[CHANNEL]?.hours ?? {}).length).toBeLessThanOrEqual(25);
      }),
    );
  });
});
