import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';

/** What the owner of an address is told when somebody registers with it who is, or is not, them. It has no code and no link. */
export const takenMessage = (locale: Locale): Pick<Message, 'subject' | 'text'> =>
  locale === 'ja'
    ? {
        subject: '7iD このメールアドレスはすでに登録されています',
        text: 'このメールアドレスで7iDの会員登録がありましたが、すでに会員のアドレスのため、新しい登録はしていません。ご本人の操作でしたら、ログインするか、ログイン画面の「パスワードをお忘れの方」へお進みください。お心当たりがない場合は、何もする必要はありません。アカウントは変わっていません。',
      }
    : {
        subject: 'Your mail address is registered with 7iD already',
        text: 'Somebody registered for 7iD with this mail address. It belongs to a member already, so nothing new was registered. If it was you, please log in, or choose “Forgot your password?” on the login page. If it was not, there is nothing to do: your account has not changed.',
      };
