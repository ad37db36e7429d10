import type { Locale } from '@7pay/refusals';

const ja = {
  title: '承認待ちの依頼',
  lead: 'お店のレジやATMからの依頼です。心当たりのないものは「許可しない」を押してください。',
  none: '承認を待っている依頼はありません。',
  from: (app: string) => `「${app}」からの依頼`,
  message: '画面の番号',
  until: (at: string) => `${at}まで`,
  allow: '許可する',
  deny: '許可しない',
  stepUp: '本人確認をして許可する',
  allowed: '許可しました。お店の画面を確認してください。',
  denied: '許可しませんでした。',
  gone: 'この依頼はもうありません。期限が切れたか、すでに回答済みです。',
};

const en: typeof ja = {
  title: 'Requests that wait for you',
  lead: 'These come from a till or an ATM. Deny whatever you do not know.',
  none: 'No request waits for you.',
  from: (app) => `Asked by “${app}”`,
  message: 'Number on the screen',
  until: (at) => `until ${at}`,
  allow: 'Allow',
  deny: 'Deny',
  stepUp: 'Confirm that it is you, then allow',
  allowed: 'Allowed. Please look at the screen of the shop.',
  denied: 'Denied.',
  gone: 'This request is not there any more. It has expired or was answered before.',
};

export const approvalWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
