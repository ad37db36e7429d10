import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpAddress, totpStep } from './totp.ts';

// RFC 6238 appendix B, SHA-1; the last six of its eight digits
const secret = Secret.fromUTF8('12345678901234567890').base32;

describe('a code of an authenticator app', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_111_111_111, '050471', 37_037_037],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
  ])('at second %i is %s, as the standard says', (seconds, code, step) => {
    expect(totpStep(secret, code, new Date(seconds * 1_000))).toBe(step);
  });

  it('is taken one step early or late, under the number of its own step, and no further', () => {
    const at = (seconds: number) => totpStep(secret, '081804', new Date(seconds * 1_000));
    expect(at(1_111_111_109 - 30)).toBe(37_037_036);
    expect(at(1_111_111_109 + 30)).toBe(37_037_036);
    expect(at(1_111_111_109 - 60)).toBeNull();
    expect(at(1_111_111_109 + 61)).toBeNull();
  });

  it.each(['', '28708', '2870820', '28708a', ' 287082', '２８７０８２'])('is never %j', (code) => {
    expect(totpStep(secret, code, new Date(59_000))).toBeNull();
  });

  it('is shared by an address that names us and the account', () => {
    const made = newTotpSecret();
    expect(made).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(made);
    const address = new URL(totpAddress(made, 'hana@example.jp'));
    expect(address.protocol).toBe('otpauth:');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      issuer: '7iD',
      secret: made,
      digits: '6',
      period: '30',
    });
  });
});
