import type { Locale } from '@7pay/refusals';
import type { Message } from '@7pay/world';

/** A login from a device that the member never used. */
export interface NewDevice {
  readonly loggedInAt: Date;
  readonly appName: string;
  readonly country?: string | undefined;
  readonly network?: string | undefined;
  readonly agent?: string | undefined;
}

const UNKNOWN = { ja: '不明', en: 'unknown' } as const;

/** What the contacts of a member are told of it: no code and no link, so that nothing like it with one is ever ours. */
export function newDeviceMessage(
  device: NewDevice,
  locale: Locale,
): Pick<Message, 'subject' | 'text'> {
  const at = new Intl.DateTimeFormat(locale === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(device.loggedInAt);
  const where = placeOf(device, locale);
  const what = device.agent?.replace('/', ' / ') ?? UNKNOWN[locale];
  if (locale === 'ja') {
    return {
      subject: '7iD 新しい端末からログインがありました',
      text: `新しい端末から7iDにログインがありました。\n日時: ${at}（日本時間）\nアプリ: ${device.appName}\n場所: ${where}\n端末: ${what}\nお心当たりがない場合は、アプリの「安全」からすぐにウォレットを停止してください。パスワードだけで停止できます。このお知らせにリンクや確認コードはありません。`,
    };
  }
  return {
    subject: '7iD: a login from a new device',
    text: `Somebody logged in to your 7iD from a new device.\nWhen: ${at} (Japan)\nApp: ${device.appName}\nWhere: ${where}\nDevice: ${what}\nIf it was not you, please stop your wallet at once under “Safety” in the app: your password alone is enough. This notice has no link and no code.`,
  };
}

// A class of networks that has no number is a digest: it says nothing to a person.
function placeOf({ country, network }: NewDevice, locale: Locale): string {
  const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' });
  const system = /^as:(\d+)$/.exec(network ?? '')?.[1];
  const parts = [country && names.of(country), system && `AS${system}`].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : UNKNOWN[locale];
}
