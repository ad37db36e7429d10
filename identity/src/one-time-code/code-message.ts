import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';
import { CODE_SECONDS, type CodePurpose } from './one-time-code.ts';

const WHAT: Readonly<Record<CodePurpose, Record<Locale, string>>> = {
  SIGN_IN: { ja: 'ログイン', en: 'logging in' },
  VERIFY_CONTACT: { ja: '連絡先の確認', en: 'confirming this contact' },
  STEP_UP: { ja: '本人確認', en: 'confirming that it is you' },
  FIRST_FACTOR: {
    ja: 'パスキーなど本人確認の方法の登録',
    en: 'registering a passkey or another first way to confirm that it is you',
  },
  REGISTER: { ja: '会員登録', en: 'registering' },
  CARRY_OVER: { ja: '7iDの引き継ぎ', en: 'setting up your own 7iD' },
  RESET_PASSWORD: { ja: 'パスワードの再設定', en: 'setting a new password' },
  RECOVERY: { ja: 'パスワードをお忘れの方の本人確認', en: 'your forgotten password' },
  RECOVERY_SECOND: { ja: 'パスワードをお忘れの方の本人確認', en: 'your forgotten password' },
};
const MINUTES = CODE_SECONDS / 60;

/**
 * The message that brings a code. It says what the code is for, so that nobody is talked into reading it out, and of
 * which account (masked) where the page could not.
 */
export function codeMessage(
  purpose: CodePurpose,
  code: string,
  { locale, account }: { locale: Locale; account?: string | undefined },
): Pick<Message, 'subject' | 'text'> {
  const what = WHAT[purpose][locale];
  const whose =
    account === undefined
      ? ''
      : locale === 'ja'
        ? `対象の会員: ${account}。`
        : `Account: ${account}. `;
  return locale === 'ja'
    ? {
        subject: `7iD ${what}のコード`,
        text: `7iD ${what}のコードは ${code} です。${whose}${MINUTES}分間有効です。7iDの社員がこのコードをお聞きすることはありません。`,
      }
    : {
        subject: `Your 7iD code for ${what}`,
        text: `Your 7iD code for ${what} is ${code}. ${whose}It is good for ${MINUTES} minutes. Nobody of 7iD will ever ask you for it.`,
      };
}
