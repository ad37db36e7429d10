import { describe, expect, it } from 'vitest';
import { openAgreedMember, sealAgreedMember } from './agreed-member.ts';

const SECRET = 'agreement-secret-for-tests-0123456789';

describe('the name of a member in a token for one payment', () => {
  it('is opened by the same secret alone, and is other letters each time', async () => {
    const [one, other] = [
      await sealAgreedMember('mem_1', SECRET),
      await sealAgreedMember('mem_1', SECRET),
    ];
    expect(one).not.toBe(other);
    expect(await openAgreedMember(one, SECRET)).toBe('mem_1');
    expect(await openAgreedMember(one, `${SECRET}x`)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['the name in the clear', 'mem_1'],
    ['an unsealed token', 'eyJhbGciOiJub25lIn0.e30.'],
  ])('is not %s', async (_, text) => {
    expect(await openAgreedMember(text, SECRET)).toBeUndefined();
  });

  it('does not hold when one letter of it was changed', async () => {
    const sealed = await sealAgreedMember('mem_1', SECRET);
    const at = sealed.length - 30;
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    expect(await openAgreedMember(changed, SECRET)).toBeUndefined();
  });
});
