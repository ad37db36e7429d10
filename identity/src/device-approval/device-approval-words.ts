import type { Locale } from '@7pay/refusals';

const ja = {
  ask: 'お使いの端末で承認する',
  number: '承認する端末で、この番号を入力してください',
  where: 'お使いの端末で「安全」→「承認待ちの依頼」を開きます。3分以内に入力してください。',
  check: '承認しました',
  again: '番号を出し直す',
  title: '新しい端末からのログイン',
  lead: 'ご自分で操作していなければ「自分ではない」を押してください。そのログインを終わらせます。',
  facts: (app: string, agent: string | null, country: string | null) =>
    [`アプリ：${app}`, agent && `端末：${agent}`, country && `国：${country}`]
      .filter(Boolean)
      .join('、'),
  field: '新しい端末に表示された番号（2桁）',
  allow: '承認する',
  deny: '自分ではない',
  stepUp: '本人確認をして承認する',
  allowed: '承認しました。新しい端末の画面に戻って「承認しました」を押してください。',
  denied:
    '承認しませんでした。そのログインは終わりました。心当たりがなければ、パスワードが知られているおそれがあります。パスワードを変え、7payの「安全」で利用を止めてください。',
};

const en: typeof ja = {
  ask: 'Approve on a device you use',
  number: 'Type this number on the device that approves',
  where: 'There, open “Safety”, then “Requests that wait for you”. You have three minutes.',
  check: 'I have approved it',
  again: 'Show another number',
  title: 'A login from a new device',
  lead: 'If it is not you, press “Not me”: that login ends.',
  facts: (app, agent, country) =>
    [`App: ${app}`, agent && `device: ${agent}`, country && `country: ${country}`]
      .filter(Boolean)
      .join(', '),
  field: 'The number on the new device (2 digits)',
  allow: 'Approve',
  deny: 'Not me',
  stepUp: 'Confirm that it is you, then approve',
  allowed: 'Approved. Go back to the new device and press “I have approved it”.',
  denied:
    'Not approved, and that login has ended. If you do not know it, somebody may have your password: change it, and stop your wallet under “Safety” in 7pay.',
};

export const deviceApprovalWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
