import { describe, expect, it } from 'vitest';
import { allKeys, isSwitchKey, switchDescription, switchRegister } from './register.ts';

describe('the register of switches', () => {
  it('names each key once, in both languages', () => {
    expect(new Set(switchRegister.map(({ key }) => key)).size).toBe(switchRegister.length);
    for (const { key, name } of switchRegister) {
      expect(key).toMatch(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)*\.?$/);
      expect(name.ja).toMatch(/\S/);
      expect(name.en).toMatch(/\S/);
    }
  });

  it('describes every key that always exists', () => {
    expect(allKeys.length).toBeGreaterThan(5);
    for (const key of allKeys) expect(switchDescription(key)?.key).toBe(key);
  });

  it.each([
    ['payment.store.sto_123', 'payment.store.'],
    ['login.external.line', 'login.external.'],
    [`payment.store.${'a'.repeat(64)}`, 'payment.store.'],
  ])('knows %s as a member of its family', (key, family) => {
    expect(switchDescription(key)?.key).toBe(family);
  });

  it.each([
    '',
    '.',
    'payments',
    'Payment',
    'payment ',
    'payment.',
    'payment.store',
    'payment.store.',
    'payment.store.a.b',
    'payment.store.$ne',
    'payment.store.a b',
    'payment.store.a\n',
    'payment.store.店',
    `payment.store.${'a'.repeat(65)}`,
    'login.external.',
    'refund.claim.x',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '__proto__.x',
  ])('knows no switch %j', (key) => {
    expect(isSwitchKey(key)).toBe(false);
    expect(switchDescription(key)).toBeUndefined();
  });
});
