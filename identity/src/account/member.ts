import type { Duty, OPERATOR } from '@7pay/graphql';
import { declareRefusals, isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';

/** What an operator's account carries besides being a member: that they work here, and what for. */
export type Role = typeof OPERATOR | Duty;

/** A member said that something was not them: no login of theirs holds until they are back by what they had before. */
export interface LoginLock {
  readonly at: Date;
  /** When that happened which was not them: what was added from then on proves nothing. */
  readonly since: Date;
  /** The contacts by whose codes it was done, by id: no code goes there. */
  readonly without: readonly string[];
  /** Since when they are back. What was added between `since` and `at` goes on to prove nothing. */
  readonly liftedAt: Date | null;
}

/** Whether nobody is let in as this member. */
export const isLocked = (member: Pick<Member, 'lock'> | null | undefined): boolean =>
  Boolean(member?.lock && !member.lock.liftedAt);

/** Whether something that was added at this instant proves the member. */
export function countsFor(addedAt: Date | null, lock: LoginLock | null): boolean {
  if (addedAt === null) return false;
  return !lock || addedAt < lock.since || (lock.liftedAt !== null && addedAt > lock.at);
}

/** A member of 7iD. `id` is the OIDC subject: it never changes, while mail and name may. */
export interface Member {
  readonly id: string;
  /** As typed, for showing; null for a member who only ever came by external ID. */
  readonly mail: string | null;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly locale: Locale;
  readonly registeredAt: Date;
  /** When the password was set; null for a member without one. */
  readonly passwordSetAt: Date | null;
  /** Generation of the controls in which the password was set; 0 before that was kept, null for a member without one. */
  readonly passwordGeneration: number | null;
  /** Logins made before this instant have ended: a new password was set. Null if none ever was. */
  readonly loginsEndedAt: Date | null;
  /** Null: whoever proves to be the member is let in. */
  readonly lock: LoginLock | null;
  /** Support let the member in after “this was not me”: the password of before leads to a new one, and to nothing else. */
  readonly mustReplacePassword: boolean;
  /** That the address of the login ID was proven, kept when that contact is taken away; null while it is a contact, or never was. */
  readonly loginIdProvenAt: Date | null;
}

export type RegistrationRefusal =
  | 'MAIL_INVALID'
  | 'DISPLAY_NAME_INVALID'
  | 'REGISTRATION_REFUSED'
  | PasswordRefusal;
type PasswordRefusal = 'PASSWORD_TOO_SHORT' | 'PASSWORD_TOO_LONG' | 'PASSWORD_GUESSABLE';

declareRefusals('identity/account/member', {
  MAIL_INVALID: {
    ja: 'メールアドレスの形が正しくありません。確認してもう一度入力してください。',
    en: 'This is not a mail address. Please check it and type it again.',
  },
  DISPLAY_NAME_INVALID: {
    ja: '表示名は1文字以上{max}文字以内で入力してください。',
    en: 'Please give a display name of 1 to {max} characters.',
  },
  REGISTRATION_REFUSED: {
    ja: 'この内容では登録できません。すでに会員の方はログインしてください。',
    en: 'We cannot register with these details. If you are a member already, please log in.',
  },
});

const MAIL_LENGTH_MAX = 254; // RFC 5321 §4.5.3.1.3
const DISPLAY_NAME_LENGTH_MAX = 40;
const MAIL =
  /^[^\s@"<>(),:;\\[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/**
 * The form in which mail addresses are compared: NFKC, lower case, no outer spaces, so that `aaa@` and
 * `aaA@`, or a full-width spelling, are one member.
 * @returns the canonical address, or a refusal MAIL_INVALID
 */
export function canonicalMail(text: string): string | Refused<'MAIL_INVALID'> {
  const canonical = text.normalize('NFKC').trim().toLowerCase();
  const known = canonical.length <= MAIL_LENGTH_MAX && MAIL.test(canonical);
  return known ? canonical : refuse('MAIL_INVALID');
}

/** The login ID of a member, in the form in which addresses are compared; null for who has none. */
export function loginIdOf({ mail }: Pick<Member, 'mail'>): string | null {
  const canonical = mail === null ? null : canonicalMail(mail);
  return isRefused(canonical) ? null : canonical;
}

/** A display name without control characters and double spaces, or a refusal DISPLAY_NAME_INVALID. */
export function cleanDisplayName(text: string): string | Refused<'DISPLAY_NAME_INVALID'> {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  const length = [...clean].length;
  if (length < 1 || length > DISPLAY_NAME_LENGTH_MAX) {
    return refuse('DISPLAY_NAME_INVALID', { max: DISPLAY_NAME_LENGTH_MAX });
  }
  return clean;
}
