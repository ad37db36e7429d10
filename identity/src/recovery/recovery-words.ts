import type { Locale } from '@7pay/refusals';

const ja = {
  again: 'はじめからやり直す',
  app: '認証アプリのコード、または回復コード',
  ask: 'コードを送る',
  backToLogin: 'ログインに戻る',
  bySms: '登録済みの携帯電話へSMSで送る',
  code: '届いたコード（6桁）',
  codeTo: (to: string) => `${to}に届いたコード（6桁）`,
  confirm: '確認する',
  loginIdHint: 'コードは、確認済みの連絡先にだけ届きます。ほかの宛先には送れません。',
  noCode:
    '数分たっても届かないときは、迷惑メールの中を確かめてから、時間をおいてお試しください。1時間に送れる回数には限りがあります。確認済みの連絡先がない方は、お客様サポートへご連絡ください。',
  lead: 'ログインID（メールアドレス）を入力してください。ご本人だけが受け取れる連絡先へ、コードを送ります。',
  secondLead:
    'ご登録の方法で、もう一度ご本人を確認します。メールだけ、または電話番号だけでは再設定できません。',
  secondTitle: 'もう一つの方法で確認',
  sendTo: (to: string) => `${to}へコードを送る`,
  sent: 'ご登録があれば、確認済みの連絡先へコードを送りました。5分以内に入力してください。',
  title: 'パスワードをお忘れの方',
  usePasskey: 'パスキーで確認する',
};
type Words = typeof ja;
const en: Words = {
  again: 'Start over',
  app: 'Code of your authenticator app, or a recovery code',
  ask: 'Send a code',
  backToLogin: 'Back to the login',
  bySms: 'Send it by SMS to my registered phone',
  code: 'The code you received (6 digits)',
  codeTo: (to) => `Code sent to ${to} (6 digits)`,
  confirm: 'Confirm',
  loginIdHint: 'The code goes to a contact that was confirmed, and to no other address.',
  noCode:
    'If nothing arrives within some minutes, please look into your spam folder and try again later: we send only so many in an hour. Without a confirmed contact, please call customer support.',
  lead: 'Please type your login ID (mail address). We send a code to where only you can read it.',
  secondLead:
    'Please confirm once more by what you have registered. A mail alone, or a phone alone, sets no password.',
  secondTitle: 'Confirm in a second way',
  sendTo: (to) => `Send a code to ${to}`,
  sent: 'If there is such an account, we have sent a code to its confirmed contact. Please type it within 5 minutes.',
  title: 'Forgot your password?',
  usePasskey: 'Confirm with a passkey',
};

/** The words of a forgotten password in one language. */
export const recoveryWordsOf = (locale: Locale): Words => (locale === 'ja' ? ja : en);
