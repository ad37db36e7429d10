import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';
import type { ExternalIdChanged } from './changed.ts';

/** What the contacts of a member are told when an external ID opens their account, or does so no more. No code and no link. */
export function externalIdMessage(
  { change, name }: { change: ExternalIdChanged['change']; name: string },
  locale: Locale,
): Pick<Message, 'subject' | 'text'> {
  if (locale === 'ja') {
    const what = change === 'LINKED' ? '連携されました' : '連携が解除されました';
    const now =
      change === 'LINKED'
        ? `今後は${name}でも7iDにログインできます。`
        : `${name}では7iDにログインできなくなり、すべてのログインが終了しました。`;
    return {
      subject: `7iD 外部IDが${what}`,
      text: `7iDと${name}が${what}。${now}お心当たりがない場合は、アプリの「安全」からすぐにウォレットを停止してください。このお知らせにリンクや確認コードはありません。`,
    };
  }
  const what = change === 'LINKED' ? 'was linked' : 'was unlinked';
  const now =
    change === 'LINKED'
      ? `From now on ${name} opens your 7iD too.`
      : `${name} opens your 7iD no more, and every login has ended.`;
  return {
    subject: `7iD: an external ID ${what}`,
    text: `${name} ${what}. ${now} If it was not you, please stop your wallet at once under “Safety” in the app. This notice has no link and no code.`,
  };
}
