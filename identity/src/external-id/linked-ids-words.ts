import type { Locale } from '@7pay/refusals';

const ja = {
  title: '外部IDの連携',
  lead: '連携した外部IDで、7iDにログインできます。連携と解除には、5分以内のパスキーまたは二段階の確認が必要です。',
  linked: '連携中のID',
  none: '連携している外部IDはありません。',
  others: '連携できる外部ID',
  since: (at: string) => `${at}から連携`,
  lastUsed: (at: string) => `最後のログイン: ${at}`,
  neverUsed: 'まだログインに使われていません',
  link: (name: string) => `${name}を連携する`,
  unlink: (name: string) => `${name}の連携を解除する`,
  unlinkHint: '解除すると、すべての端末でログアウトします。',
  last: 'ほかにログインの方法がないため、まだ解除できません。',
  carryOver: 'パスキーかパスワードを設定する',
  stopped: (name: string) => `${name}でのログインは停止中です。ただいま使えません。`,
  done: (name: string) => `${name}を連携しました。ご登録の連絡先へお知らせします。`,
  unlinkedTitle: '連携を解除しました',
  unlinked: (name: string) =>
    `${name}の連携を解除し、すべての端末でログアウトしました。ご登録の連絡先へお知らせします。`,
  again: 'もう一度ログインする',
  refused: '提供元での確認が中止されました。',
};

const en: typeof ja = {
  title: 'Linked IDs',
  lead: 'A linked external ID logs you in to 7iD. To link or unlink one, you need a passkey or a second factor, shown within five minutes.',
  linked: 'Your linked IDs',
  none: 'No external ID is linked.',
  others: 'IDs that you can link',
  since: (at) => `Linked since ${at}`,
  lastUsed: (at) => `Last login: ${at}`,
  neverUsed: 'Never used to log in',
  link: (name) => `Link ${name}`,
  unlink: (name) => `Unlink ${name}`,
  unlinkHint: 'This logs you out on every device.',
  last: 'This is your only way to log in, so it cannot be unlinked yet.',
  carryOver: 'Set up a passkey or a password',
  stopped: (name) => `Login with ${name} is stopped. It cannot be used at the moment.`,
  done: (name) => `${name} is linked. We are telling your contacts.`,
  unlinkedTitle: 'Unlinked',
  unlinked: (name) =>
    `${name} is unlinked and you are logged out on every device. We are telling your contacts.`,
  again: 'Log in again',
  refused: 'It was cancelled at the provider.',
};

/** The words of the page of linked IDs. */
export const linkedIdsWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
