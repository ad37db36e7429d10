import { describe, expect, it } from 'vitest';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts';

const SECRET = 'a secret of the installation, 32+';

describe('recovery codes', () => {
  it('are ten, all different, in a form that can be written down', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes)
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  });

  it('are the same code however they are typed', () => {
    const hash = recoveryCodeHash('0123-ABCD-EF1G', 'mem_1', SECRET);
    for (const typed of [
      '0123abcdef1g',
      ' o123 abcd efLg ',
      '０１２３－ＡＢＣＤ－ＥＦ１Ｇ'.replaceAll('－', '-'),
    ]) {
      expect(recoveryCodeHash(typed, 'mem_1', SECRET)).toBe(hash);
    }
  });

  it('are another member’s, or another installation’s, in vain', () => {
    const hash = recoveryCodeHash('0123-ABCD-EF1G', 'mem_1', SECRET);
    expect(recoveryCodeHash('0123-ABCD-EF1G', 'mem_2', SECRET)).not.toBe(hash);
    expect(recoveryCodeHash('0123-ABCD-EF1G', 'mem_1', `${SECRET}!`)).not.toBe(hash);
  });

  it.each(['', '0123-ABCD-EF1', '0123-ABCD-EF1GG', '0123-ABCD-EF1U'])('are never %j', (code) => {
    expect(recoveryCodeHash(code, 'mem_1', SECRET)).toBeNull();
  });
});
