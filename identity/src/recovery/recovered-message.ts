import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';
import { japanTime } from '../interaction/words.ts';
import { deviceWords, type Place, placeWords } from '../new-device/place-words.ts';

/** A password that was forgotten and set anew. */
export interface Recovered extends Place {
  readonly recoveredAt: Date;
  readonly coolsUntil: Date;
  readonly appName: string;
}

/** What the contacts of a member are told of it, the one that the code came to among them. */
export function recoveredMessage(
  recovered: Recovered,
  { locale, link }: { locale: Locale; link: string },
): Pick<Message, 'subject' | 'text'> {
  const at = japanTime(recovered.recoveredAt, locale);
  const until = japanTime(recovered.coolsUntil, locale);
  const where = placeWords(recovered, locale);
  const what = deviceWords(recovered, locale);
  if (locale === 'ja') {
    return {
      subject: '7iD パスワードが再設定されました',
      text: `「パスワードをお忘れの方」から、7iDのパスワードが再設定されました。\n日時: ${at}（日本時間）\nアプリ: ${recovered.appName}\n場所: ${where}\n端末: ${what}\nほかのログインはすべて終わりました。${until}まで、お支払いの上限が低くなります。\nお心当たりがない場合は、次のページのボタンですぐに止められます。ログインは要りません（7日間有効）。\n${link}\nこのお知らせに確認コードはありません。`,
    };
  }
  return {
    subject: '7iD: your password was reset',
    text: `The password of your 7iD was reset by “Forgot your password?”.\nWhen: ${at} (Japan)\nApp: ${recovered.appName}\nWhere: ${where}\nDevice: ${what}\nAll other logins have ended. Payments are limited until ${until}.\nIf it was not you, the button on this page stops everything at once, without a login (good for 7 days).\n${link}\nThis notice has no code.`,
  };
}
