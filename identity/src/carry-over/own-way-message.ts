import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';

/** What the contacts of a member are told when the first way in of 7iD's own is set. No code and no link. */
export function ownWayMessage(
  way: 'PASSWORD' | 'PASSKEY',
  locale: Locale,
): Pick<Message, 'subject' | 'text'> {
  if (locale === 'ja') {
    const what = way === 'PASSWORD' ? 'パスワード' : 'パスキー';
    return {
      subject: `7iD ${what}が設定されました`,
      text: `外部IDでお使いの7iDに${what}が設定されました。残高とポイントはそのままです。お心当たりがない場合は、アプリの「安全」からすぐにウォレットを停止してください。このお知らせにリンクや確認コードはありません。`,
    };
  }
  const what = way === 'PASSWORD' ? 'password' : 'passkey';
  return {
    subject: `7iD: a ${what} was set`,
    text: `A ${what} was set for the 7iD that you used by an external ID. Balance and points are as they were. If it was not you, please stop your wallet at once under “Safety” in the app. This notice has no link and no code.`,
  };
}
