import type { Locale } from '@7pay/refusals';

const ja = {
  title: 'メールアドレスの確認',
  sent: (mail: string) =>
    `${mail} へメールを送りました。メールのコードを5分以内に入力すると、登録が終わります。`,
  code: '届いたコード（6桁）',
  confirm: '確認して登録する',
  again: 'コードを送り直す',
  noCode:
    '数分たっても届かないときは、迷惑メールの中とアドレスを確かめてから、時間をおいて送り直してください。1時間に送れる回数には限りがあります。',
  back: '入力をやり直す',
};
const en: typeof ja = {
  title: 'Confirm your mail address',
  sent: (mail) =>
    `We sent a mail to ${mail}. Enter its code within 5 minutes and you are registered.`,
  code: 'Code from the mail (6 digits)',
  confirm: 'Confirm and register',
  again: 'Send another code',
  noCode:
    'If nothing has come after some minutes, please look among your spam, check the address, and have another one sent later. There is a limit for each hour.',
  back: 'Change what I typed',
};

export const registrationWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
