import type { Locale } from '@7pay/refusals';

const ja = {
  title: 'この外部IDは、まだ7iDと連携していません',
  lead: (name: string) => `${name}での確認ができました。7iDをお持ちかどうかを選んでください。`,
  have: 'すでに7iDをお持ちの方',
  haveLead: (name: string) =>
    `お持ちの7iDにログインして、${name}を連携してください。残高とポイントは、お持ちの7iDにあります。`,
  link: 'ログインして連携する',
  another: 'ほかの方法でログインする',
  fresh: '7iDがはじめての方',
  freshLead: '新しい会員として登録します。お持ちの7iDとは別になります。',
  register: '新しく登録する',
};

const en: typeof ja = {
  title: 'This external ID is not linked to a 7iD yet',
  lead: (name) => `${name} has confirmed who you are there. Do you have a 7iD?`,
  have: 'I have a 7iD',
  haveLead: (name) =>
    `Please log in to your 7iD and link ${name} there. Your balance and points are in the 7iD that you have.`,
  link: 'Log in and link it',
  another: 'Log in another way',
  fresh: 'I am new to 7iD',
  freshLead: 'You become a new member, apart from any 7iD that you have.',
  register: 'Register',
};

/** The words of a first login by an external ID. They are the same for everybody: nothing tells who is a member. */
export const firstLoginWords = (locale: Locale): typeof ja => ({ ja, en })[locale];
