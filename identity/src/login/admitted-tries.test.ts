import { fixedControls } from '@7pay/controls';
import { isRefused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Credentials, MemberStore } from '../account/member.store.ts';
import type { PasswordHashes } from '../account/password-hashes.ts';
import { openAdmission } from '../admission/admission.ts';
import { openPace } from '../admission/pace.ts';
import { sourceBudget } from '../admission/source-budget.ts';
import { successWatch } from '../admission/success-watch.ts';
import { logInByPassword, type LogInByPassword } from './log-in-by-password.ts';

const RIGHT = 'a quiet harbour in spring';
const clock = fixedClock('2019-07-01T00:00:00Z');
const lines: { event: string; facts: unknown }[] = [];
const log: Log = {
  info: () => {},
  warn: () => {},
  error: (event, facts) => void lines.push({ event, facts }),
  child: () => log,
};
let counted = 0;
let hashed = 0;
let waited: number[] = [];
let stored = '';
let busy = false;
let elapsed = 0;
let attempt: (
  password: string,
  network?: string | null,
  mail?: string,
) => ReturnType<LogInByPassword>;

beforeEach(() => {
  clock.advance(60 * 60_000);
  lines.length = 0;
  [counted, hashed, waited, busy] = [0, 0, [], false];
  stored = RIGHT;
  const row = { wrongTries: 0, lastTryAt: null as Date | null };
  const members = {
    findCredentials: async (mail: string) =>
      mail === 'hana@example.jp'
        ? ({ member: { id: 'mem_1' }, passwordHash: stored, ...row } as Credentials)
        : null,
    countTry: async (id: string, { to, at }: { to: number; at: Date }) => {
      if (id === '') return false;
      counted += 1;
      Object.assign(row, { wrongTries: to, lastTryAt: at });
      return true;
    },
    forgetTries: async () => {
      Object.assign(row, { wrongTries: 0 });
    },
  } satisfies Partial<MemberStore> as Partial<MemberStore> as MemberStore;
  const hashes = {
    fits: async (password: string, hash: string | null) => {
      if (busy) return refuse('LOGIN_BUSY');
      hashed += 1;
      elapsed += 20;
      return hash !== null && password === hash;
    },
  } satisfies Partial<PasswordHashes> as Partial<PasswordHashes> as PasswordHashes;
  const pace = openPace({ now: () => elapsed, sleep: async (ms) => void waited.push(ms) });
  const watch = successWatch({ triesMin: 40 });
  const admission = openAdmission({ log, pace, watch, budget: sourceBudget() });
  const logIn = logInByPassword({ members, hashes, controls: fixedControls(), admission, clock });
  attempt = (password, network = 'net', mail = 'hana@example.jp') =>
    logIn({ mail, password, source: network });
});
const failed = refuse('LOGIN_FAILED');
const turnedAway = refuse('LOGIN_BUSY');

describe('a try that was wrong a moment ago', () => {
  it('costs no hash, counts against no account, and waits as long as a hash takes', async () => {
    for (let n = 0; n < 15; n += 1) expect(await attempt('the same mistake')).toEqual(failed);
    expect({ hashed, counted }).toEqual({ hashed: 1, counted: 1 });
    expect(waited).toEqual(Array.from({ length: 14 }, () => 20));
    expect(isRefused(await attempt(RIGHT))).toBe(false);
  });

  it('is looked at again once the member has set that password', async () => {
    expect(await attempt('tomorrow it is right')).toEqual(failed);
    stored = 'tomorrow it is right';
    expect(isRefused(await attempt('tomorrow it is right'))).toBe(false);
  });

  it('is none that a lock or a full queue kept from being looked at', async () => {
    for (let n = 0; n < 10; n += 1) await attempt(`mistake ${n}`);
    clock.advance(29 * 60_000);
    expect(await attempt(RIGHT)).toEqual(failed);
    clock.advance(60_000);
    busy = true;
    expect(await attempt(RIGHT)).toEqual(turnedAway);
    busy = false;
    expect(isRefused(await attempt(RIGHT))).toBe(false);
  });

  it('does not lock a member whose tries a full queue turned away', async () => {
    busy = true;
    for (let n = 0; n < 20; n += 1) {
      expect(await attempt(RIGHT, `net-${n}`)).toEqual(turnedAway);
    }
    busy = false;
    expect(isRefused(await attempt(RIGHT))).toBe(false);
    for (let n = 0; n < 10; n += 1) await attempt(`mistake ${n}`);
    busy = true;
    expect(await attempt(RIGHT)).toEqual(turnedAway); // and one that is locked stays so
    busy = false;
    expect(await attempt(RIGHT)).toEqual(failed);
  });

  it('is known of an address that nobody has, as of any other', async () => {
    for (let n = 0; n < 3; n += 1) {
      expect(await attempt('x', 'net', 'nobody@example.jp')).toEqual(failed);
    }
    expect({ hashed, waits: waited.length }).toEqual({ hashed: 1, waits: 2 });
  });
});

describe('a network that guesses', () => {
  const guess = (n: number, network: string | null = 'net') =>
    attempt(`guess ${n}`, network, `member-${n}@example.jp`);

  it('is turned away after thirty wrong tries, before anything is looked at, and no other is', async () => {
    for (let n = 0; n < 30; n += 1) expect(await guess(n)).toEqual(failed);
    const before = { hashed, counted };
    expect(await attempt(RIGHT)).toEqual(turnedAway);
    expect({ hashed, counted }).toEqual(before);
    expect(isRefused(await attempt(RIGHT, 'other'))).toBe(false);
    clock.advance(60_000);
    expect(isRefused(await attempt(RIGHT))).toBe(false);
  });

  it('is not made of members who know their passwords', async () => {
    for (let n = 0; n < 100; n += 1) expect(isRefused(await attempt(RIGHT))).toBe(false);
  });

  it('has one budget with all whose network nobody knows', async () => {
    for (let n = 0; n < 30; n += 1) await guess(n, null);
    expect(await guess(31, null)).toEqual(turnedAway);
  });

  it('has a tenth while an alarm lasts, which is one line of the log and names nobody', async () => {
    for (let n = 0; n < 45; n += 1) await guess(n, `net-${n}`);
    expect(lines).toEqual([{ event: 'login.alarm', facts: { share: 0.1 } }]);
    for (let n = 0; n < 3; n += 1) expect(await guess(100 + n)).toEqual(failed);
    expect(await guess(103)).toEqual(turnedAway);
    clock.advance(120_000);
    for (let n = 0; n < 30; n += 1) expect(await guess(200 + n)).toEqual(failed);
    expect(lines).toHaveLength(1);
  });
});
