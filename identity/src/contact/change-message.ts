import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';
import { type Contact, maskedAddress } from './contact.ts';

/** What the contacts of a member are told when one comes or goes. */
export function changeMessage(
  { channel, address }: Contact,
  { added, locale }: { added: boolean; locale: Locale },
): Pick<Message, 'subject' | 'text'> {
  const which = maskedAddress(channel, address);
  if (locale === 'ja') {
    const what = added ? '追加されました' : '削除されました';
    return {
      subject: `7iD 連絡先が${what}`,
      text: `7iDの連絡先 ${which} が${what}。お心当たりがない場合は、アプリの「安全」からすぐにウォレットを停止してください。`,
    };
  }
  const what = added ? 'added' : 'removed';
  return {
    subject: `7iD: a contact was ${what}`,
    text: `The contact ${which} was ${what} in your 7iD. If it was not you, please stop your wallet at once under “Safety” in the app.`,
  };
}
