import type { Locale } from '@7pay/refusals';

const ja = {
  title: '画面にログイン',
  lead: 'お店などの画面に表示されたコードを入力してください。',
  code: 'コード（8文字）',
  next: '次へ',
  wrong:
    'コードが正しくないか、有効期限が切れています。画面のコードを確認して、もう一度入力してください。',
  busy: 'コードの入力が続いたため、しばらく受け付けていません。1時間ほど待ってから、画面に新しいコードを表示して、もう一度お試しください。',
  stopped: 'ログインを中止しました。画面には何も伝えていません。',
  failed: 'ログインできませんでした。はじめからやり直してください。',
  confirmTitle: 'この画面にログインしますか',
  confirmLead: (app: string) => `「${app}」があなたとしてログインします。`,
  confirmWarning:
    '目の前の画面に同じコードが表示されていますか。電話やメッセージで知らされたコードは入力しないでください。',
  confirm: 'ログインする',
  abort: '中止する',
  doneTitle: 'ログインしました',
  done: '画面に戻ってください。このページは閉じてかまいません。',
};

const en: typeof ja = {
  title: 'Log in on a screen',
  lead: 'Please enter the code that is shown on the screen.',
  code: 'Code (8 letters)',
  next: 'Next',
  wrong: 'The code is wrong or has expired. Please check the screen and enter it again.',
  busy: 'Too many codes were entered. Please wait an hour, have the screen show a new code, and try again.',
  stopped: 'The login was cancelled. The screen was told nothing.',
  failed: 'We could not log you in. Please start again.',
  confirmTitle: 'Log in on this screen?',
  confirmLead: (app) => `“${app}” will be logged in as you.`,
  confirmWarning:
    'Is the same code on the screen in front of you? Never enter a code that you were told by phone or message.',
  confirm: 'Log in',
  abort: 'Cancel',
  doneTitle: 'Logged in',
  done: 'Please go back to the screen. You can close this page.',
};

export const deviceWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
