import { declareRefusals, type Refused, refuse } from '@7pay/refusals';

export type PasswordRefusal = 'PASSWORD_TOO_SHORT' | 'PASSWORD_TOO_LONG' | 'PASSWORD_GUESSABLE';

declareRefusals('identity/account/password', {
  PASSWORD_TOO_SHORT: {
    ja: 'パスワードは{min}文字以上にしてください。パスキーならパスワードは要りません。',
    en: 'Please choose a password of at least {min} characters. With a passkey you need none.',
  },
  PASSWORD_TOO_LONG: {
    ja: 'パスワードは{max}文字以内にしてください。',
    en: 'Please choose a password of at most {max} characters.',
  },
  PASSWORD_GUESSABLE: {
    ja: '推測されやすいパスワードです。別のパスワードにしてください。',
    en: 'This password is easy to guess. Please choose another one.',
  },
});

/** In characters. DOMAIN guide 4.1.4: 12 characters, or a passkey. */
export const PASSWORD_LENGTH_MIN = 12;
/** Long enough for any sentence; a bound so that a hash cannot be made expensive from outside. */
export const PASSWORD_LENGTH_MAX = 128;

// The long ones among the most used passwords; shorter ones are refused by their length.
const COMMON = new Set(
  `123456789012 1234567890123 12345678901234 123123123123 111222333444 112233445566 987654321098
  password1234 password12345 password123456 passwordpassword p@ssw0rd1234 passw0rd1234 mypassword123
  qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwerty123456 qwerty1234567 1qaz2wsx3edc 1q2w3e4r5t6y
  1qazxsw23edc zaq12wsxcde3 asdfghjkl123 zxcvbnm12345 abcdefghijkl abcd12345678 abc123456789
  iloveyou1234 iloveyou12345 welcome12345 letmein12345 administrator sakura123456 sakurasakura
  doraemon1234 pokemon12345 7eleven12345 seveneleven7 sevenpay1234 nanaco123456`.split(/\s+/),
);

/** The one form in which passwords are hashed and compared: keyboards spell the same text differently. */
export const normalizePassword = (password: string): string => password.normalize('NFKC');

/**
 * Whether a new password may be used: long enough, not among the most used ones, not one character
 * repeated, and not made of the member's own mail address or name. No rules on kinds of characters
 * (NIST SP 800-63B-4 §3.1.1.2).
 */
export function judgePassword(
  password: string,
  own: { canonicalMail: string; displayName: string },
): Refused<PasswordRefusal> | undefined {
  const text = normalizePassword(password);
  const length = [...text].length;
  if (length < PASSWORD_LENGTH_MIN)
    return refuse('PASSWORD_TOO_SHORT', { min: PASSWORD_LENGTH_MIN });
  if (length > PASSWORD_LENGTH_MAX)
    return refuse('PASSWORD_TOO_LONG', { max: PASSWORD_LENGTH_MAX });

  const folded = text.toLowerCase();
  const [localPart = ''] = own.canonicalMail.split('@');
  const ownWords = [localPart, own.displayName.normalize('NFKC').toLowerCase()];
  const guessable =
    COMMON.has(folded) ||
    new Set(folded).size <= 3 ||
    ownWords.some((word) => word.length >= 4 && folded.includes(word));
  return guessable ? refuse('PASSWORD_GUESSABLE') : undefined;
}
