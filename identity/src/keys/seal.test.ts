import { describe, expect, it } from 'vitest';
import { seal, unseal } from './seal.ts';

describe('a sealed text', () => {
  const secret = 'a-secret-of-the-settings-0123456789';
  it('opens with its secret, also among others, and looks like another one each time', () => {
    const sealed = seal('花', secret, 'tests');
    expect(unseal(sealed, ['an-older-secret-0123456789-abcdefgh', secret], 'tests')).toBe('花');
    expect(seal('花', secret, 'tests')).not.toBe(sealed);
    expect(sealed).not.toContain('花');
  });

  it('does not open with another secret, for another purpose, or changed', () => {
    const sealed = seal('花', secret, 'tests');
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(() => unseal(sealed, ['another-secret'], 'tests')).toThrow();
    expect(() => unseal(sealed, [secret], 'another')).toThrow();
    expect(() => unseal(changed, [secret], 'tests')).toThrow();
    expect(() => unseal('', [secret], 'tests')).toThrow();
  });
});
