import { describe, expect, it } from 'vitest';
import { loginHasEnded } from './ended-logins.ts';

const at = (seconds: number) => new Date(seconds * 1_000);
const open = { state: 'OPEN' as const, since: at(0) };

describe('a login by an external ID', () => {
  it.each([
    ['holds while nothing was stopped', { 'login.external.kumo': open }, false],
    [
      'ends while its provider is closed',
      { 'login.external.kumo': { state: 'CLOSED' as const, since: at(10) } },
      true,
    ],
    [
      'ends while all are closed',
      { 'login.external': { state: 'CLOSED' as const, since: at(10) } },
      true,
    ],
    [
      'holds while another provider is closed',
      { 'login.external.nami': { state: 'CLOSED' as const, since: at(10) } },
      false,
    ],
    [
      'stays ended after a reopening',
      { 'login.external.kumo': { state: 'OPEN' as const, since: at(200) } },
      true,
    ],
    [
      'stays ended in the second of a reopening',
      { 'login.external.kumo': { state: 'OPEN' as const, since: new Date(100_900) } },
      true,
    ],
    [
      'holds when made after a reopening',
      { 'login.external.kumo': { state: 'OPEN' as const, since: at(50) } },
      false,
    ],
  ])('%s', (_, switches, ended) => {
    const look = (key: string) => (switches as Record<string, typeof open>)[key] ?? open;
    expect(loginHasEnded({ amr: ['fed:kumo', 'pop'], atSeconds: 100 }, look)).toBe(ended);
  });

  it.each([
    ['moved after the token was issued', 7, true],
    ['moved when the token was issued, or before', 8, false],
    ['moved when nobody knows', undefined, false],
  ])('whose switch %s, by its generation, whatever the clocks say', (_, generation, ended) => {
    const look = () => ({ ...open, generation: 8 });
    expect(loginHasEnded({ amr: ['fed:kumo'], atSeconds: 100, generation }, look)).toBe(ended);
  });

  it('is not made by a password or a passkey', () => {
    const closed = () => ({ state: 'CLOSED' as const, since: at(10) });
    expect(loginHasEnded({ amr: ['pwd'], atSeconds: 1 }, closed)).toBe(false);
    expect(loginHasEnded({ amr: undefined, atSeconds: undefined }, closed)).toBe(false);
  });
});
