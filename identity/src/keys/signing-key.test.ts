import { describe, expect, it } from 'vitest';
import { type KeptKey, ringAt, ringName } from './signing-key.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const kept = (kid: string, signsFrom: number, more: Partial<KeptKey> = {}): KeptKey => ({
  key: { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid, x: '', y: '', d: '' },
  signsFrom: at(signsFrom),
  publishedUntil: null,
  compromised: false,
  ...more,
});
const ring = (keys: KeptKey[], minute: number) => ringName(ringAt(keys, at(minute)));

describe('the ring of keys', () => {
  const scheduled = [kept('old', 0, { publishedUntil: at(100) }), kept('new', 10)];
  it.each([
    ['publishes the next key before it signs', scheduled, 5, 'old new'],
    ['signs by the next key from its instant on', scheduled, 10, 'new old'],
    ['forgets the old key after the overlap', scheduled, 100, 'new'],
    [
      'never has a compromised key',
      [kept('bad', 0, { compromised: true }), kept('new', 5)],
      6,
      'new',
    ],
    ['signs by a key of the future rather than by none', [kept('new', 50)], 6, 'new'],
  ])('%s', (_, keys, minute, expected) => {
    expect(ring(keys, minute)).toBe(expected);
  });
});
