import { describe, expect, it } from 'vitest';
import { signedChallenges } from './signed-challenge.ts';

const now = new Date('2026-07-01T00:00:00Z');
const until = new Date(now.getTime() + 600_000);
const good = { uid: 'interaction-1', memberId: null };
const challenges = signedChallenges(['key one']);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

describe('a challenge that is signed', () => {
  it('is good for what it was made for, until its time, and never the same twice', () => {
    const made = text(challenges.make(good, until));
    expect(challenges.isGood(made, good, now)).toBe(true);
    expect(challenges.isGood(made, good, new Date(until.getTime() - 1))).toBe(true);
    expect(challenges.isGood(made, good, until)).toBe(false);
    expect(text(challenges.make(good, until))).not.toBe(made);
  });

  it.each([
    ['another interaction', { ...good, uid: 'interaction-2' }],
    ['a member', { ...good, memberId: 'mem_1' }],
  ])('is not for %s', (_, other) => {
    const made = text(challenges.make(good, until));
    expect(challenges.isGood(made, other, now)).toBe(false);
    expect(challenges.isGood(text(challenges.make(other, until)), good, now)).toBe(false);
  });

  it('is none when any byte of it is another', () => {
    const bytes = challenges.make(good, until);
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = bytes.slice();
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(challenges.isGood(text(changed), good, now), String(index)).toBe(false);
    }
    for (const short of ['', 'AAAA', text(bytes.slice(0, 22)), text(bytes.slice(0, -1))])
      expect(challenges.isGood(short, good, now), short).toBe(false);
  });

  it('stays good when the keys were changed, as long as the old one is known', () => {
    const made = text(challenges.make(good, until));
    expect(signedChallenges(['key two', 'key one']).isGood(made, good, now)).toBe(true);
    expect(signedChallenges(['key two']).isGood(made, good, now)).toBe(false);
  });
});
