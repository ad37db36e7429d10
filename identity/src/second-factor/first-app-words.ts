import type { Locale } from '@7pay/refusals';

const ja = {
  instead: '認証アプリを使う',
  title: '認証アプリの登録',
  scan: '認証アプリでこのコードを読み取ってください。',
  picture: '認証アプリに読み取らせるQRコード',
  type: '読み取れないときは、この文字を入力してください。',
  open: 'この端末の認証アプリで開く',
  code: 'アプリに表示されたコード（6桁）',
  confirm: '登録する',
  madeTitle: '回復コード',
  madeLead:
    '認証アプリが使えなくなったときに、1つずつ1回だけ使えるコードです。今だけ表示します。書き写すか保存してください。',
  kept: '書き写したら、ひとつ入力してください。入力したコードは使用済みになります。認証アプリの新しいコードでもかまいません。',
  keptCode: '回復コード、または認証アプリの新しいコード',
  goOn: '続ける',
};
const en: typeof ja = {
  instead: 'Use an authenticator app',
  title: 'Register an authenticator app',
  scan: 'Please scan this code with your authenticator app.',
  picture: 'QR code for the authenticator app',
  type: 'If you cannot scan it, type this:',
  open: 'Open in the authenticator app of this device',
  code: 'Code that the app shows (6 digits)',
  confirm: 'Register',
  madeTitle: 'Recovery codes',
  madeLead:
    'Each works once when your authenticator app is lost. They are shown this once: please write them down or save them.',
  kept: 'When you have them, please type one of them. That one is used up then. A new code of the app will do as well.',
  keptCode: 'A recovery code, or a new code of the app',
  goOn: 'Go on',
};

export const firstAppWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
