import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { canonicalMail } from '../account/member.ts';

export type Channel = 'mail' | 'sms';

/** Where a member can be reached. Only a verified one is ever written to, except to verify it. */
export interface Contact {
  readonly memberId: string;
  readonly channel: Channel;
  /** The canonical mail address, or the telephone number in the international form (E.164). */
  readonly address: string;
  readonly addedAt: Date;
  readonly verifiedAt: Date | null;
}

export type ContactRefusal = 'MAIL_INVALID' | 'PHONE_INVALID' | 'CONTACT_NOT_FOUND';

declareRefusals('identity/contact/contact', {
  PHONE_INVALID: {
    ja: 'SMSを受け取れる日本の携帯電話番号を入力してください。',
    en: 'Please give the number of a mobile phone in Japan that receives SMS.',
  },
  CONTACT_NOT_FOUND: {
    ja: 'この連絡先は登録されていません。',
    en: 'This contact is not registered.',
  },
});

// Mobile numbers of Japan (MIC numbering plan): SMS to dear numbers abroad is what pumping earns by.
const MOBILE = /^\+81[6-9]0\d{8}$/;

/** The form in which a channel's addresses are compared, or why it is none. */
export function canonicalAddress(
  channel: Channel,
  typed: string,
): string | Refused<'MAIL_INVALID' | 'PHONE_INVALID'> {
  if (channel === 'mail') return canonicalMail(typed);
  const digits = typed.normalize('NFKC').replace(/[\s()\-‐–—−ー]/g, '');
  const international = digits.replace(/^0(?=\d{10}$)/, '+81').replace(/^\+810/, '+81');
  return MOBILE.test(international) ? international : refuse('PHONE_INVALID');
}

/** Whether both name the same place to reach somebody, in the form in which addresses are compared. */
export const isSameContact = (
  a: Pick<Contact, 'channel' | 'address'>,
  b: Pick<Contact, 'channel' | 'address'>,
): boolean => a.channel === b.channel && a.address === b.address;

/** What a contact is shown as where not everybody may read it: enough to know one's own, too little to learn it. */
export function maskedAddress(channel: Channel, address: string): string {
  if (channel === 'sms') return `***-****-${address.slice(-4)}`;
  const at = address.lastIndexOf('@');
  return `${[...address][0] ?? ''}***${address.slice(at)}`;
}

/** The contact that a code goes to: the login ID itself if it was verified, else the one that was there first. */
export function contactFor(
  contacts: readonly Contact[],
  channel: Channel,
  loginId: string | null,
): Contact | undefined {
  const own = contacts.filter((contact) => contact.channel === channel);
  return own.find(({ address }) => address === loginId) ?? own[0];
}
