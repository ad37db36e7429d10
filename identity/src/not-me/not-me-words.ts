import type { Locale } from '@7pay/refusals';
import type { NotMeKind } from './not-me.ts';

const ja = {
  button: '私ではありません。すぐに止める',
  done: [
    'すべての端末のログインを終わらせました。',
    'ログインを止めました。パスワードを知る人も、パスキーを持つ人も入れません。',
    'ウォレットの停止を依頼しました。お支払いもチャージもできなくなります。',
    '進行中のパスワード再設定を取り消しました。',
  ],
  doneLead: '次のことをしました。残高とポイントはそのままです。',
  doneTitle: 'すべて止めました',
  event: {
    DEVICE: '新しい端末からのログイン',
    RECOVERY: 'パスワードの再設定',
  } satisfies Record<NotMeKind, string>,
  goneLead:
    'このリンクは使われたか、有効期限が切れました。いまも止めたいときは、アプリの「安全」から止めるか、お客様サポートへご連絡ください。',
  goneTitle: 'このリンクは使えません',
  lead: 'お心当たりがなければ、下のボタンを押してください。すべてのログインが終わり、ログインとウォレットが止まります。押すまでは何も変わりません。',
  mine: 'ご自身の操作であれば、何もせずにこのページを閉じてください。',
  next: 'これからの3つ',
  reference: '受付番号',
  steps: [
    'メールのパスワードを変え、電話番号が使えることを確かめてください。',
    'ログイン画面の「パスワードをお忘れの方」から、ほかの確認済みの連絡先で新しいパスワードを設定してください。できないときはお客様サポートへご連絡ください。',
    'ログインしたら「安全」と履歴で、覚えのない支払い、カード、連絡先、パスキーがないか確かめてください。',
  ],
  title: 'これはあなたですか？',
};
type Words = typeof ja;
const en: Words = {
  button: 'It was not me. Stop everything now',
  done: [
    'Every login on every device has ended.',
    'Logging in is locked, also for whoever knows the password or holds a passkey.',
    'The wallet was told to stop: nothing is paid and nothing charged.',
    'A password reset that was under way is cancelled.',
  ],
  doneLead: 'This is what we did. Your balance and points stay as they are.',
  doneTitle: 'Everything is stopped',
  event: { DEVICE: 'A login from a new device', RECOVERY: 'A password reset' },
  goneLead:
    'This link was used, or its time is over. If you still want to stop everything, use “Safety” in the app or call customer support.',
  goneTitle: 'This link is of no use any more',
  lead: 'If you do not know of this, press the button. Every login ends, and the login and the wallet are stopped. Nothing changes before you press it.',
  mine: 'If it was you, do nothing and close this page.',
  next: 'Your next three steps',
  reference: 'Reference',
  steps: [
    'Change the password of your mail, and make sure that your phone number works.',
    'Set a new password by “Forgot your password?” on the login page, with another confirmed contact. If you cannot, please call customer support.',
    'Once logged in, look at “Safety” and the history for payments, cards, contacts and passkeys that you do not know.',
  ],
  title: 'Was this you?',
};

/** The words of “this was not me” in one language. */
export const notMeWordsOf = (locale: Locale): Words => (locale === 'ja' ? ja : en);
