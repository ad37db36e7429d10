import { describe, expect, it } from 'vitest';
import { hasEnded } from './external-id.ts';

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
    expect(hasEnded({ amr: ['fed:kumo', 'pop'], atSeconds: 100 }, look)).toBe(ended);
  });

  it('is not made by a password or a passkey', () => {
    const closed = () => ({ state: 'CLOSED' as const, since: at(10) });
    expect(hasEnded({ amr: ['pwd'], atSeconds: 1 }, closed)).toBe(false);
    expect(hasEnded({ amr: undefined, atSeconds: undefined }, closed)).toBe(false);
  });
});
