import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';
import { RESET_MINUTES } from './reset.ts';

/** The mail with a code for a member who has no verified contact. */
export const resetMessage = (code: string, locale: Locale): Pick<Message, 'subject' | 'text'> =>
  locale === 'ja'
    ? {
        subject: '【7iD】確認番号のお知らせ',
        text: `7iDのパスワード再設定の確認番号は ${code} です。有効期限は${RESET_MINUTES}分です。お心当たりのない場合は、この番号を誰にも教えないでください。`,
      }
    : {
        subject: '[7iD] Your confirmation code',
        text: `Your code to set a new 7iD password is ${code}. It is valid for ${RESET_MINUTES} minutes. If you did not ask for it, tell it to nobody.`,
      };
