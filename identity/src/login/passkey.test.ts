import { describe, expect, it } from 'vitest';
import { judgeEnrolment, passkeyMethods } from './passkey.ts';

const now = new Date('2026-01-01T00:10:00Z');
const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * 60_000);

const REACHABLE = { hasSecondFactor: false, isReachable: true };

describe('adding a passkey', () => {
  it.each([
    ['the first after a fresh password', 0, ['pwd'], 1, 'CONTACT_CODE_REQUIRED'],
    ['the first after a password and a code by mail', 0, ['pwd', 'mail'], 1, undefined],
    ['the first after a recovery by telephone', 0, ['pwd', 'phone'], 1, undefined],
    ['the first after an external ID', 0, ['fed:kumo'], 1, undefined],
    ['the first after a password and another device', 0, ['pwd', 'device'], 1, undefined],
    ['the first after an old password', 0, ['pwd'], 6, 'FRESH_LOGIN_REQUIRED'],
    ['the second after a password', 1, ['pwd', 'mail'], 1, 'PASSKEY_ASSERTION_REQUIRED'],
    ['the second after an external ID', 1, ['fed:kumo'], 1, 'PASSKEY_ASSERTION_REQUIRED'],
    ['the second after a passkey', 1, ['pop', 'hwk', 'user'], 1, undefined],
    ['the second after a passkey long ago', 1, ['pop', 'hwk', 'user'], 6, 'FRESH_LOGIN_REQUIRED'],
    ['one too many', 10, ['pop', 'hwk', 'user'], 1, 'TOO_MANY_PASSKEYS'],
  ] as const)('%s', (_, passkeys, amr, minutes, refusal) => {
    const login = { amr, at: at(minutes) };
    const judged = judgeEnrolment({ passkeys, ...REACHABLE, login }, now);
    expect(judged?.refused).toBe(refusal);
  });

  it('the first of a member whom no code reaches rests on the login alone', () => {
    const login = { amr: ['pwd'], at: at(1) };
    const facts = { passkeys: 0, hasSecondFactor: false, isReachable: false, login };
    expect(judgeEnrolment(facts, now)).toBeUndefined();
  });

  it('without a login is refused', () => {
    const nobody = { passkeys: 0, ...REACHABLE, login: null };
    expect(judgeEnrolment(nobody, now)?.refused).toBe('FRESH_LOGIN_REQUIRED');
  });

  it.each([
    [['pwd'], 'SECOND_FACTOR_REQUIRED'],
    [['fed:kumo'], 'SECOND_FACTOR_REQUIRED'],
    [['pwd', 'mail'], 'SECOND_FACTOR_REQUIRED'], // a code by mail confirms nothing
    [['pwd', 'otp'], undefined],
    [['pwd', 'recovery'], undefined],
    [['fed:kumo', 'sms'], undefined],
  ])('the first of a member with a second factor, after %j', (amr, refusal) => {
    const login = { amr, at: at(1) };
    const judged = judgeEnrolment(
      { passkeys: 0, hasSecondFactor: true, isReachable: true, login },
      now,
    );
    expect(judged?.refused).toBe(refusal);
  });

  it('tells a key in hardware from a synchronised one', () => {
    expect(passkeyMethods(false)).toEqual(['pop', 'hwk', 'user']);
    expect(passkeyMethods(true)).toEqual(['pop', 'swk', 'user']);
  });
});
