import type { Locale } from '@7pay/refusals';

const ja = {
  abort: 'アプリに戻る',
  account: (name: string, mail: string) => `対象の会員: ${name}さん（${mail}）`,
  again: '番号をもう一度送る',
  balance: '残高とポイントはそのままです。',
  breached: '入力されたパスワードは、ほかのサービスから流出したものの中にあります。',
  code: '届いた番号',
  disowned:
    '「心当たりがない」とのお知らせの前のパスワードは、ほかの人に知られているかもしれません。',
  confirm: '確認する',
  forgotten:
    'ご本人の確認ができました。新しいパスワードを設定すると、ほかの端末のログインはすべて終わります。安全のため、しばらくのあいだお支払いの上限が低くなり、カードでのチャージはできません。',
  hint: '12文字以上。いままでと違うものにしてください。',
  lead: (reason: string) =>
    `お客さまを守るため、新しいパスワードの設定をお願いしています。${reason} ご本人の確認、新しいパスワードの設定、ログインの3つで終わります。`,
  newPassword: '新しいパスワード',
  noWay: 'ご登録の連絡先では確認できません。お客様サポートへご連絡ください。',
  passkey: 'パスキーで確認する',
  prove: 'ご本人の確認',
  send: (mail: string) => `${mail}へ番号を送る`,
  set: '設定してログイン',
  title: 'パスワードの再設定',
};
type Words = typeof ja;
const en: Words = {
  abort: 'Back to the app',
  account: (name, mail) => `Account: ${name} (${mail})`,
  again: 'Send another code',
  balance: 'Its balance and points stay as they are.',
  breached: 'The password you typed is among those that have leaked from other services.',
  code: 'The code you received',
  disowned: 'Somebody else may know the password from before you told us “this was not me”.',
  confirm: 'Confirm',
  forgotten:
    'We have confirmed that it is you. With the new password every login on other devices ends. For your safety payments are limited and top-up by card is off for a while.',
  hint: '12 characters or more, and not the one you had.',
  lead: (reason) =>
    `To protect you, we ask you to set a new password. ${reason} Three steps: confirm that it is you, set the password, and you are logged in.`,
  newPassword: 'New password',
  noWay: 'We cannot confirm it by the contacts we have. Please call customer support.',
  passkey: 'Confirm with a passkey',
  prove: 'Confirm that it is you',
  send: (mail) => `Send a code to ${mail}`,
  set: 'Set it and log in',
  title: 'Set a new password',
};

/** The words of the reset in one language. */
export const resetWordsOf = (locale: Locale): Words => (locale === 'ja' ? ja : en);
