import { describe, expect, it } from 'vitest';
import { type EndedLogin, endOf, keyOfEnd } from './ended-login.ts';
import type { LoginFacts } from './login-facts.ts';

const AT = new Date('2019-07-03T05:00:00.600Z');
const second = Math.floor(AT.getTime() / 1_000);
const token: LoginFacts = {
  atSeconds: second - 100,
  issuedAtSeconds: second - 10,
  sessionUid: 'session-1',
  grantId: 'grant-1',
  memberId: 'mem_1',
  clientId: 'app-1',
};
const ended = (end: EndedLogin, facts: Partial<LoginFacts> = {}) =>
  endOf({ ...token, ...facts }, new Map([[keyOfEnd(end), { at: AT }]]));

describe('a token', () => {
  it('holds while nothing has ended, and tells what and when if something has', () => {
    expect(endOf(token, new Map())).toBeUndefined();
    expect(ended({ kind: 'SESSION', sessionUid: 'session-1' })).toEqual({
      by: 'ended',
      since: AT,
      reason: null,
    });
  });

  it.each<[EndedLogin, EndedLogin]>([
    [
      { kind: 'SESSION', sessionUid: 'session-1' },
      { kind: 'SESSION', sessionUid: 'session-2' },
    ],
    [
      { kind: 'GRANT', grantId: 'grant-1' },
      { kind: 'GRANT', grantId: 'session-1' },
    ],
    [
      { kind: 'MEMBER', memberId: 'mem_1' },
      { kind: 'MEMBER', memberId: 'app-1' },
    ],
    [
      { kind: 'CLIENT', clientId: 'app-1' },
      { kind: 'CLIENT', clientId: 'mem_1' },
    ],
  ])('ends with %j, and not with %j', (own, foreign) => {
    expect(ended(own)).toBeDefined();
    expect(ended(foreign)).toBeUndefined();
  });

  it('of a session or a grant never comes back, whatever its times', () => {
    const later = { atSeconds: second + 60, issuedAtSeconds: second + 60 };
    expect(ended({ kind: 'SESSION', sessionUid: 'session-1' }, later)).toBeDefined();
    expect(ended({ kind: 'GRANT', grantId: 'grant-1' }, later)).toBeDefined();
  });

  it.each([
    [-1, true],
    [0, false],
    [1, false],
  ])('of a login %i s after the end of all of a member’s: over is %s', (seconds, isOver) => {
    const facts = { atSeconds: second + seconds, issuedAtSeconds: second + 60 };
    expect(ended({ kind: 'MEMBER', memberId: 'mem_1' }, facts) !== undefined).toBe(isOver);
  });

  it.each([
    [-1, true],
    [0, true],
    [1, false],
  ])('given out %i s after its client was stopped: over is %s', (seconds, isOver) => {
    const facts = { atSeconds: second - 1_000, issuedAtSeconds: second + seconds };
    expect(ended({ kind: 'CLIENT', clientId: 'app-1' }, facts) !== undefined).toBe(isOver);
  });

  it('that tells nothing of its login ends with its member or client alone', () => {
    const bare: LoginFacts = { atSeconds: undefined, memberId: 'mem_1' };
    expect(
      endOf(bare, new Map([[keyOfEnd({ kind: 'MEMBER', memberId: 'mem_1' }), { at: AT }]])),
    ).toBeDefined();
    expect(endOf({ atSeconds: 0 }, new Map([['session|undefined', { at: AT }]]))).toBeUndefined();
  });
});
