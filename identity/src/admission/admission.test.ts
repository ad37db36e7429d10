import { silentLog } from '@7pay/telemetry';
import { describe, expect, it } from 'vitest';
import { openAdmission } from './admission.ts';
import { RANKS } from '../password/rank.ts';
import { knownWrong } from './known-wrong.ts';
import { sourceBudget } from './source-budget.ts';
import { successWatch } from './success-watch.ts';

describe('the budget of a network', () => {
  it('is spent by wrong tries alone, and comes back', () => {
    const budget = sourceBudget({ wrongTries: 3, perMs: 60_000 });
    for (let n = 0; n < 100; n += 1) expect(budget.admits('net', 0)).toBe(true);
    for (let n = 0; n < 3; n += 1) budget.spend('net', 0);
    expect(budget.admits('net', 0)).toBe(false);
    expect(budget.admits('other', 0)).toBe(true);
    expect(budget.admits('net', 19_999)).toBe(false);
    expect(budget.admits('net', 20_000)).toBe(true);
    budget.spend('net', 20_000);
    expect(budget.admits('net', 20_000)).toBe(false);
    expect(budget.admits('net', 20_000 + 60_000)).toBe(true);
  });

  it('does not grow when a clock goes back', () => {
    const budget = sourceBudget({ wrongTries: 1 });
    budget.spend('net', 1_000_000);
    expect(budget.admits('net', 0)).toBe(false);
  });

  it('forgets the network that was quiet for longest, and keeps the loud ones', () => {
    const budget = sourceBudget({ wrongTries: 1, networksMax: 3 });
    for (const network of ['loud', 'a', 'b', 'loud', 'c', 'loud', 'd']) budget.spend(network, 0);
    expect(budget.size).toBe(3);
    expect(budget.admits('loud', 0)).toBe(false);
    expect(budget.admits('a', 0)).toBe(true);
  });
});

describe('a try that there was no room to look at', () => {
  const at = (seconds: number) => new Date(seconds * 1_000);
  const admission = () =>
    openAdmission({ log: silentLog, budget: sourceBudget({ wrongTries: 3 }) });

  it('uses up the budget of a network where nobody is right', () => {
    const { admits, noteUnread } = admission();
    for (let n = 0; n < 3; n += 1) noteUnread('list', at(0));
    expect(admits('list', at(0))).toBe(false);
  });

  it('costs a network nothing where somebody was right in the last ten minutes', () => {
    const { admits, note, noteUnread } = admission();
    note('carrier', true, at(0));
    for (let n = 0; n < 50; n += 1) noteUnread('carrier', at(599));
    expect(admits('carrier', at(599))).toBe(true);
    for (let n = 0; n < 3; n += 1) noteUnread('carrier', at(600));
    expect(admits('carrier', at(600))).toBe(false);
  });

  it('raises the alarm: a flood cannot hide in its own queue', () => {
    const { admits, noteUnread } = admission();
    for (let n = 0; n < 200; n += 1) noteUnread(`net-${n}`, at(0));
    noteUnread('other', at(1));
    expect(admits('other', at(1))).toBe(false);
  });
});

describe('who waits for a hash before whom', () => {
  const at = (seconds: number) => new Date(seconds * 1_000);
  const alarmed = () => {
    const admission = openAdmission({ log: silentLog, watch: successWatch({ triesMin: 10 }) });
    for (let n = 0; n < 10; n += 1) admission.note(`net-${n}`, false, at(0));
    return admission;
  };

  it('is a browser that knows its member, a network that was right, one of which nothing is known', () => {
    const admission = alarmed();
    admission.note('carrier', false, at(0));
    admission.note('carrier', true, at(0));
    const sources = ['browser:1', 'carrier', 'new', null, 'net-3'];
    expect(sources.map((source) => admission.placeOf(source, at(1)).rank)).toEqual([
      RANKS.KNOWN_BROWSER,
      RANKS.RIGHT_OF_LATE,
      RANKS.NOTHING_KNOWN,
      RANKS.NOTHING_KNOWN,
      RANKS.WRONG_OF_LATE,
    ]);
    expect(admission.placeOf('carrier', at(600)).rank).toBe(RANKS.NOTHING_KNOWN); // ten minutes after
    expect(admission.placeOf('net-3', at(3_600)).rank).toBe(RANKS.NOTHING_KNOWN);
    expect(new Set(sources.map((source) => admission.placeOf(source, at(1)).lane)).size).toBe(5);
  });

  it('keeps a browser that knows its member out of what its network did, for a budget of its own', () => {
    const admission = alarmed();
    for (let n = 0; n < 29; n += 1) admission.note('browser:1', false, at(1));
    expect(admission.admits('browser:1', at(1))).toBe(true);
    admission.note('browser:1', false, at(1));
    expect(admission.admits('browser:1', at(1))).toBe(false);
    for (let n = 0; n < 99; n += 1) admission.noteUnread('browser:2', at(1));
    expect(admission.admits('browser:2', at(1))).toBe(true);
  });

  it('leaves to a network that guesses a tenth of what comes back, while the alarm lasts', () => {
    const admitted = (admission: ReturnType<typeof alarmed>, source: string) => {
      let count = 0;
      for (let second = 1; second <= 50; second += 1) {
        if (!admission.admits(source, at(second))) continue;
        count += 1;
        admission.note(source, false, at(second));
      }
      return count;
    };
    expect(admitted(alarmed(), 'list')).toBe(5); // three at once, and one in twenty seconds
    const admission = alarmed();
    admission.note('carrier', true, at(0));
    expect(admitted(admission, 'carrier')).toBeGreaterThan(20); // as ever, where people log in
  });
});

describe('a wrong try', () => {
  const attempt = { stored: 'hash', canonicalMail: 'hana@example.jp', password: 'wrong' };

  it('is known for ten minutes', () => {
    const known = knownWrong();
    expect(known.has(attempt, 0)).toBe(false);
    known.note(attempt, 0);
    expect(known.has(attempt, 599_999)).toBe(true);
    expect(known.has(attempt, 600_000)).toBe(false);
  });

  it.each([
    ['another password', { password: 'wrong ' }],
    ['another member', { canonicalMail: 'taro@example.jp' }],
    ['a password set since', { stored: 'another hash' }],
    ['a member who registered since', { stored: null }],
  ])('says nothing of %s', (_, other) => {
    const known = knownWrong();
    known.note(attempt, 0);
    expect(known.has({ ...attempt, ...other }, 0)).toBe(false);
  });

  it('is forgotten when there are too many', () => {
    const known = knownWrong({ triesMax: 2 });
    const numbered = (n: number) => ({ ...attempt, password: `wrong ${n}` });
    for (let n = 0; n < 3; n += 1) known.note(numbered(n), 0);
    expect([0, 1, 2].map((n) => known.has(numbered(n), 0))).toEqual([false, true, true]);
    expect(known.size).toBe(2);
  });
});

describe('the watch over all logins', () => {
  it('raises one alarm when most tries are wrong, and ends it a minute after', () => {
    const watch = successWatch({ triesMin: 100, rightShare: 0.2 });
    const raised = Array.from({ length: 300 }, (_, n) => watch.note(n % 20 === 0, n * 10));
    expect(raised.filter(Boolean)).toHaveLength(1);
    expect(watch.alarmed(3_000)).toBe(true);
    expect(watch.alarmed(2_990 + 60_000)).toBe(false);
  });

  it('stays calm in a rush of people, with their mistakes', () => {
    const watch = successWatch({ triesMin: 100, rightShare: 0.2 });
    for (let n = 0; n < 5_000; n += 1) expect(watch.note(n % 3 > 0, n)).toBe(false);
  });

  it('stays calm over a few wrong tries at night', () => {
    const watch = successWatch({ triesMin: 100 });
    for (let n = 0; n < 1_000; n += 1) watch.note(false, n * 1_000);
    expect(watch.alarmed(1_000_000)).toBe(false);
  });
});
