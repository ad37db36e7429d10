import { describe, expect, it } from 'vitest';
import { judgeEnrolment, passkeyMethods } from './passkey.ts';

const now = new Date('2026-01-01T00:10:00Z');
const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * 60_000);

describe('adding a passkey', () => {
  it.each([
    ['the first after a fresh password', 0, ['pwd'], 1, undefined],
    ['the first after an old password', 0, ['pwd'], 6, 'FRESH_LOGIN_REQUIRED'],
    ['the second after a password', 1, ['pwd'], 1, 'PASSKEY_ASSERTION_REQUIRED'],
    ['the second after an external ID', 1, ['fed:kumo'], 1, 'PASSKEY_ASSERTION_REQUIRED'],
    ['the second after a passkey', 1, ['pop', 'hwk', 'user'], 1, undefined],
    ['the second after a passkey long ago', 1, ['pop', 'hwk', 'user'], 6, 'FRESH_LOGIN_REQUIRED'],
    ['one too many', 10, ['pop', 'hwk', 'user'], 1, 'TOO_MANY_PASSKEYS'],
  ] as const)('%s', (_, passkeys, amr, minutes, refusal) => {
    const judged = judgeEnrolment({ passkeys, login: { amr, at: at(minutes) } }, now);
    expect(judged?.refused).toBe(refusal);
  });

  it('without a login is refused', () => {
    expect(judgeEnrolment({ passkeys: 0, login: null }, now)?.refused).toBe('FRESH_LOGIN_REQUIRED');
  });

  it('tells a key in hardware from a synchronised one', () => {
    expect(passkeyMethods(false)).toEqual(['pop', 'hwk', 'user']);
    expect(passkeyMethods(true)).toEqual(['pop', 'swk', 'user']);
  });
});
