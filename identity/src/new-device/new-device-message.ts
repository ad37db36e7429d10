import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';
import { japanTime } from '../interaction/words.ts';
import { deviceWords, type Place, placeWords } from './place-words.ts';

/** A login from a device that the member never used. */
export interface NewDevice extends Place {
  readonly loggedInAt: Date;
  readonly appName: string;
}

/** What the contacts of a member are told of it: no code, and the one link by which it can be disowned. */
export function newDeviceMessage(
  device: NewDevice,
  { locale, link }: { locale: Locale; link: string },
): Pick<Message, 'subject' | 'text'> {
  const at = japanTime(device.loggedInAt, locale);
  const where = placeWords(device, locale);
  const what = deviceWords(device, locale);
  if (locale === 'ja') {
    return {
      subject: '7iD 新しい端末からログインがありました',
      text: `新しい端末から7iDにログインがありました。\n日時: ${at}（日本時間）\nアプリ: ${device.appName}\n場所: ${where}\n端末: ${what}\nお心当たりがない場合は、次のページのボタンですぐに止められます。ログインは要りません（7日間有効）。\n${link}\nアプリの「安全」からも、パスワードだけで停止できます。このお知らせに確認コードはありません。`,
    };
  }
  return {
    subject: '7iD: a login from a new device',
    text: `Somebody logged in to your 7iD from a new device.\nWhen: ${at} (Japan)\nApp: ${device.appName}\nWhere: ${where}\nDevice: ${what}\nIf it was not you, the button on this page stops everything at once, without a login (good for 7 days).\n${link}\nOr stop your wallet under “Safety” in the app: your password alone is enough. This notice has no code.`,
  };
}
