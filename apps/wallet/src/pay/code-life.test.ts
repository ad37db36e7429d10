import { describe, expect, it } from 'vitest';
import { isRenewalDue, renewBeforeMs, secondsLeft, startLife } from './code-life.ts';

const code = {
  code: '711000771234567890123456',
  issuedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T00:01:00.000Z',
};

describe('a code on screen', () => {
  it('lives as long as the platform says, from its arrival, whatever the clock of the phone', () => {
    const living = startLife(code, 5_000);
    expect(living.life).toBe(60_000);
    expect(secondsLeft(living, 5_000)).toBe(60);
    expect(secondsLeft(living, 64_001)).toBe(1);
    expect(secondsLeft(living, 65_000)).toBe(0);
    expect(secondsLeft(living, 99_000)).toBe(0);
  });

  it('is renewed before its end, not at it', () => {
    const living = startLife(code, 0);
    expect(isRenewalDue(living, 60_000 - renewBeforeMs - 1)).toBe(false);
    expect(isRenewalDue(living, 60_000 - renewBeforeMs)).toBe(true);
  });

  it.each([
    ['an hour', '2026-01-01T01:00:00.000Z', 300_000],
    ['less than nothing', '2025-01-01T00:00:00.000Z', 0],
    ['something unreadable', 'soon', 0],
  ])('is not shown for %s', (_, expiresAt, life) => {
    expect(startLife({ ...code, expiresAt }, 0).life).toBe(life);
  });
});
