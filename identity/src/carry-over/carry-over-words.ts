import type { Locale } from '@7pay/refusals';

const ja = {
  title: 'お使いの7iDにログイン方法を追加する',
  lead: '外部IDだけでお使いの7iDに、パスキーかパスワードを設定します。会員番号、残高、ポイントはそのままです。',
  openLead: '外部IDでご本人を確認できます。',
  logInWith: '外部IDでログインして続ける',
  stoppedTitle: '外部IDが使えない方',
  stoppedLead: (names: string) =>
    `${names}でのログインは停止中です。確認済みの連絡先に届くコードで、ご本人を確認できます。`,
  provider: 'お使いだった外部ID',
  address: '登録したメールアドレスまたは携帯電話番号',
  send: 'コードを送る',
  sent: 'ご登録の内容と一致する場合は、コードをお送りしました。届かないときは、連絡先と外部IDを確かめるか、お客様サポートへご連絡ください。',
  code: '届いたコード（6桁）',
  confirm: '確認する',
  account: (name: string) => `対象の会員: ${name}さん`,
  set: 'ログイン方法を設定する',
  passkey: 'パスキーを登録する',
  password: 'パスワード',
  loginId: (mail: string) => `ログインIDは ${mail} になります。`,
  setPassword: 'パスワードを設定する',
  noMail:
    'パスワードには、ログインIDになるメールアドレスの確認が必要です。パスキーは、なくても登録できます。',
  mailSent: (mail: string) => `${mail} へコードを送りました。`,
  stepUp: '本人確認をして続ける',
  claimTitle: '登録した覚えのないメールアドレス',
  claimLead:
    'ご自分のメールアドレスがすでに登録されていて会員登録できないときは、そのアドレスに届くコードでご本人のものにできます。それまでに設定されたパスワードなどはすべて無効になり、残高がある場合は確認が済むまでウォレットを停止します。',
  claimAddress: 'ご自分のメールアドレス',
  doneTitle: '設定しました',
  done: '次からは、設定した方法でログインできます。会員番号、残高、ポイントはそのままです。',
  logIn: 'ログインする',
  linked: '外部IDの連携を見る',
};

const en: typeof ja = {
  title: 'Add a way to log in to your 7iD',
  lead: 'Set up a passkey or a password for a 7iD that you use by an external ID alone. Your membership, balance and points stay as they are.',
  openLead: 'Your external ID can confirm that it is you.',
  logInWith: 'Log in with the external ID and go on',
  stoppedTitle: 'If your external ID cannot be used',
  stoppedLead: (names) =>
    `Login with ${names} is stopped. A code that we send to a confirmed contact can show that it is you.`,
  provider: 'The external ID that you used',
  address: 'Your registered mail address or mobile number',
  send: 'Send a code',
  sent: 'If this is what we have on record, a code is on its way. If none arrives, please check the contact and the external ID, or call support.',
  code: 'Code from the message (6 digits)',
  confirm: 'Confirm',
  account: (name) => `Account: ${name}`,
  set: 'Set up a way to log in',
  passkey: 'Register a passkey',
  password: 'Password',
  loginId: (mail) => `Your login ID will be ${mail}.`,
  setPassword: 'Set the password',
  noMail:
    'A password needs a confirmed mail address, which becomes your login ID. A passkey needs none.',
  mailSent: (mail) => `A code is on its way to ${mail}.`,
  stepUp: 'Confirm that it is you and go on',
  claimTitle: 'A mail address that you did not register',
  claimLead:
    'If you cannot register because your own mail address is registered already, a code that we send there makes the account yours. Passwords and everything else set before become void, and a wallet with money in it is frozen until we have confirmed it.',
  claimAddress: 'Your own mail address',
  doneTitle: 'Done',
  done: 'From now on you can log in this way. Your membership, balance and points are as they were.',
  logIn: 'Log in',
  linked: 'See your linked IDs',
};

/** The words of the way from an external ID to a 7iD of one's own. */
export const carryOverWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
