import { refuse } from '@7pay/refusals';
import { describe, expect, it } from 'vitest';
import { canonicalAddress, maskedAddress } from './contact.ts';

describe('a telephone number', () => {
  it.each([
    '090-1234-5678',
    '09012345678',
    '０９０ー１２３４ー５６７８',
    '+81 90-1234-5678',
    '+81 (0)90 1234 5678',
  ])('is the same however it is typed: %s', (typed) => {
    expect(canonicalAddress('sms', typed)).toBe('+819012345678');
  });

  it.each([
    ['a landline', '03-1234-5678'],
    ['of a dear country', '+882 1234 5678'],
    ['too short', '090-1234-567'],
    ['too long', '090-1234-56789'],
    ['two numbers', '09012345678,09012345679'],
    ['with a tail', '09012345678\r\nBcc: x'],
    ['empty', ''],
  ])('is refused when it is %s', (_, typed) => {
    expect(canonicalAddress('sms', typed)).toEqual(refuse('PHONE_INVALID'));
  });
});

describe('a mail address', () => {
  it.each(['a@example.jp,b@example.jp', 'a@example.jp\nBcc: b@example.jp', 'a@b@example.jp'])(
    'is one address and nothing else: %j',
    (typed) => {
      expect(canonicalAddress('mail', typed)).toEqual(refuse('MAIL_INVALID'));
    },
  );
});

it('a masked address shows one’s own, and tells nobody else', () => {
  expect(maskedAddress('mail', 'hana@example.jp')).toBe('h***@example.jp');
  expect(maskedAddress('sms', '+819012345678')).toBe('***-****-5678');
});
