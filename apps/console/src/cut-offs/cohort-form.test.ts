import { describe, expect, it } from 'vitest';
import {
  cohortFaults,
  type CutOffForm,
  effectFaults,
  emptyCutOff,
  takesTwo,
  toCohort,
  toInput,
} from './cohort-form.ts';

const form = (told: Partial<CutOffForm>): CutOffForm => ({ ...emptyCutOff, ...told });
const now = new Date('2019-07-03T00:00:00Z');

describe('which logins the form means', () => {
  it('are read from lists and from the clock in Japan', () => {
    const told = form({
      countries: 'US, CN、 US',
      from: '2019-07-01T09:00',
      methods: ['EXTERNAL'],
    });
    expect(toCohort(told)).toMatchObject({
      everything: false,
      countries: ['US', 'CN'],
      from: '2019-07-01T00:00:00.000Z',
      until: null,
      methods: ['EXTERNAL'],
    });
  });

  it('are all of them only if that is said, and then nothing else counts', () => {
    expect([...cohortFaults(emptyCutOff)]).toEqual([['everything', 'cutOffCohortMissing']]);
    expect(toCohort(form({ everything: true, countries: 'US' }))).toEqual({ everything: true });
  });

  it.each([
    [{ countries: 'usa' }, 'countries'],
    [{ providers: 'Kumo ID' }, 'providers'],
    [{ networks: 'as:' }, 'networks'],
    [{ networks: '203.0.0.0/16' }, 'networks'],
    [{ networks: '2001:db8::/32' }, 'networks'],
    [{ clients: 'a$b' }, 'clients'],
    [
      { countries: Array.from({ length: 21 }, (_, n) => `A${String.fromCharCode(65 + n)}`).join() },
      'countries',
    ],
    [{ from: '2019-07-02T00:00', until: '2019-07-01T00:00' }, 'until'],
  ])('are refused at their field: %o', (told, field) => {
    expect([...cohortFaults(form(told)).keys()]).toEqual([field]);
  });

  it.each(['as:64500', '203.0.113.0/24', '2001:db8::/48', `net:${'a'.repeat(22)}`])(
    'may come from the network %s',
    (networks) => expect([...cohortFaults(form({ networks }))]).toEqual([]),
  );
});

describe('what happens to them', () => {
  const right = form({ effects: ['END_LOGINS'], reasonJa: '調査', reasonEn: 'Inquiry' });

  it('is sent when nothing is missing', () => {
    expect([...effectFaults(right, now)]).toEqual([]);
    expect(toInput(right)).toMatchObject({ effects: ['END_LOGINS'], scopes: [], expiresAt: null });
  });

  it.each([
    [{ effects: [] }, 'effects', 'cutOffEffectMissing'],
    [{ reasonEn: ' ' }, 'reasonEn', 'reasonMissing'],
    [{ scopes: 'Wallet' }, 'scopes', 'cutOffListWrong'],
    [{ scopes: 'wallet', effects: ['RESET_PASSWORD'] as const }, 'scopes', 'cutOffScopesWithReset'],
    [{ expiresAt: '2019-07-03T09:00' }, 'expiresAt', 'cutOffOverAlready'],
  ])('is refused at its field: %o', (told, field, word) => {
    expect([...effectFaults({ ...right, ...told }, now)]).toEqual([[field, word]]);
  });

  it('takes two people for everybody and for passwords', () => {
    const narrowed = { ...right, countries: 'US' };
    expect(takesTwo(narrowed)).toBe(false);
    expect(takesTwo({ ...narrowed, clients: 'a operator-console' })).toBe(true);
    // What only does not say that it means everybody.
    const open: CutOffForm = { ...right, effects: ['END_LOGINS'], from: '', until: '' };
    expect(takesTwo({ ...open, methods: ['PASSWORD', 'PASSKEY', 'EXTERNAL'] })).toBe(true);
    expect(takesTwo({ ...open, methods: ['PASSWORD'] })).toBe(false);
    expect(takesTwo({ ...open, until: '2019-07-01T00:00' })).toBe(false);
    expect(takesTwo({ ...right, everything: true })).toBe(true);
    expect(takesTwo({ ...right, effects: ['BLOCK_NEW', 'RESET_PASSWORD'] })).toBe(true);
  });
});
