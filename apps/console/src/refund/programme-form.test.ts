import { describe, expect, it } from 'vitest';
import { emptyForm, missingFields, toInput, windowDays } from './programme-form.ts';

const form = { ...emptyForm, firstDay: '2019-10-01', lastDay: '2020-01-10' };

describe('the window of a refund programme', () => {
  it('counts both ends: that of 2019 had 102 days', () => {
    expect(windowDays(form)).toBe(102);
  });

  it('is none until both days are there and in order', () => {
    expect(windowDays(emptyForm)).toBeNull();
    expect(windowDays({ ...form, lastDay: '2019-09-30' })).toBeNull();
    expect(windowDays({ ...form, lastDay: '2019-10-01' })).toBe(1);
  });

  it('is sent half-open, by days in Japan', () => {
    const input = toInput(form, 'prg-1');
    expect(input.claimsFrom).toBe('2019-09-30T15:00:00.000Z');
    expect(input.claimsUntil).toBe('2020-01-10T15:00:00.000Z');
  });
});

describe('what is not filled in', () => {
  it('is sent as missing, for the platform to name', () => {
    expect(toInput(emptyForm, 'prg-1')).toMatchObject({
      programmeId: 'prg-1',
      title: '',
      noticeDate: null,
      claimsFrom: null,
      claimsUntil: null,
    });
  });

  it('is shown at the fields of the form', () => {
    expect([...missingFields('issuer, claimsUntil, unheardOf')]).toEqual(['issuer', 'lastDay']);
    expect(missingFields(undefined).size).toBe(0);
  });
});
