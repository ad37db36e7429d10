import { describe, expect, it } from 'vitest';
import { t } from '../words.ts';
import { whatStops } from './what-stops.ts';

describe('what a switch stops', () => {
  it.each([
    ['payment', 'stopsPayment'],
    ['payment.store.sto_1', 'stopsPaymentStore'],
    ['login.external', 'stopsLoginExternal'],
    ['login.external.kumo', 'stopsLoginProvider'],
    ['something.new', 'stopsOther'],
    ['constructor', 'stopsOther'],
  ] as const)('is said for %s', (key, word) => {
    expect(whatStops(key)).toBe(t(word));
  });
});
