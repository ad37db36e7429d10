import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { isConfirmed, isMoreThanPassword } from '../second-factor/second-factor.ts';

/** A passkey of a member, as needed to check an assertion. */
export interface Passkey {
  /** The credential id (base64url). */
  readonly id: string;
  readonly memberId: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** The authenticator's counter; 0 for those that do not count. */
  readonly counter: number;
  readonly transports: readonly string[];
  /** Whether the key is synchronised between devices; else it never leaves its hardware. */
  readonly synchronised: boolean;
  readonly addedAt: Date;
}

export type PasskeyRefusal =
  | 'PASSKEY_NOT_ACCEPTED'
  | 'PASSKEY_ASSERTION_REQUIRED'
  | 'FRESH_LOGIN_REQUIRED'
  | 'SECOND_FACTOR_REQUIRED'
  | 'CONTACT_CODE_REQUIRED'
  | 'TOO_MANY_PASSKEYS';

declareRefusals('identity/login/passkey', {
  PASSKEY_NOT_ACCEPTED: {
    ja: 'パスキーを確認できませんでした。もう一度お試しください。',
    en: 'We could not check the passkey. Please try again.',
  },
  PASSKEY_ASSERTION_REQUIRED: {
    ja: 'パスキーを追加するには、先に登録済みのパスキーで確認してください。',
    en: 'To add a passkey, please confirm with one of your passkeys first.',
  },
  SECOND_FACTOR_REQUIRED: {
    ja: 'パスキーを追加するには、先に登録済みの方法で本人確認をしてください。',
    en: 'To add a passkey, please first confirm that it is you by what you have registered.',
  },
  CONTACT_CODE_REQUIRED: {
    ja: 'パスキーを登録するには、先に連絡先に届くコードで本人確認をしてください。',
    en: 'To register a passkey, please first confirm that it is you by a code that we send to your contact.',
  },
  FRESH_LOGIN_REQUIRED: {
    ja: 'パスキーを登録するには、もう一度ログインしてください。',
    en: 'To register a passkey, please log in again.',
  },
  TOO_MANY_PASSKEYS: {
    ja: '登録できるパスキーは{max}個までです。',
    en: 'You can register at most {max} passkeys.',
  },
});

/** After this a login no longer counts as fresh enough to add a way in. */
export const FRESH_LOGIN_SECONDS = 5 * 60;
export const PASSKEYS_MAX = 10;

/** What the ways to confirm a login mean for a first passkey. */
export const enrolmentBy = (ways: { app: boolean; sms: string | null; mail: string | null }) => ({
  hasSecondFactor: ways.app || ways.sms !== null,
  isReachable: ways.mail !== null,
});

/**
 * Whether a member may add a passkey now. The first one rests on a fresh login, and on the second factor of a
 * member who has one; of a member who has none, and logged in by a password, on a code that was sent to their contact.
 * Every further one rests on a passkey that the member has just shown. So a stolen password alone cannot add a way in
 * (docs/adr/0049-a-password-adds-no-first-factor.md).
 */
export function judgeEnrolment(
  facts: {
    passkeys: number;
    /** Whether the member has an authenticator app or a telephone to confirm by. */
    hasSecondFactor: boolean;
    /** Whether there is a contact to which a code can be sent. */
    isReachable: boolean;
    login: { amr: readonly string[]; at: Date } | null;
  },
  now: Date,
): Refused<Exclude<PasskeyRefusal, 'PASSKEY_NOT_ACCEPTED'>> | undefined {
  const { passkeys, login } = facts;
  const ageSeconds = login ? (now.getTime() - login.at.getTime()) / 1_000 : Infinity;
  if (ageSeconds > FRESH_LOGIN_SECONDS) return refuse('FRESH_LOGIN_REQUIRED');
  if (passkeys >= PASSKEYS_MAX) return refuse('TOO_MANY_PASSKEYS', { max: PASSKEYS_MAX });
  if (passkeys > 0 && !login?.amr.includes('user')) return refuse('PASSKEY_ASSERTION_REQUIRED');
  if (facts.hasSecondFactor && !isConfirmed(login?.amr ?? [])) {
    return refuse('SECOND_FACTOR_REQUIRED');
  }
  if (passkeys === 0 && facts.isReachable && !isMoreThanPassword(login?.amr ?? [])) {
    return refuse('CONTACT_CODE_REQUIRED');
  }
  return undefined;
}

/** The methods that a passkey with user verification proves (RFC 8176). */
export const passkeyMethods = (synchronised: boolean): string[] => [
  'pop',
  synchronised ? 'swk' : 'hwk',
  'user',
];
