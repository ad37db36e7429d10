import { declareRefusals } from '@7pay/refusals';
import { businessDate } from '@7pay/time';
import { type Contact, contactFor } from '../contact/contact.ts';

export type RecoveryRefusal = 'RECOVERY_OVER' | 'RECOVERY_PROOF_WRONG';

declareRefusals('identity/recovery/recovery', {
  RECOVERY_OVER: {
    ja: 'パスワード再設定の手続きの有効期限が切れたか、別の画面で新しく始められました。もう一度はじめからお試しください。',
    en: 'The time to set a new password is over, or it was begun anew elsewhere. Please start over.',
  },
  // One sentence for a wrong, used and late code, and for one that was never sent: it tells nothing about the account.
  RECOVERY_PROOF_WRONG: {
    ja: '確認できませんでした。届いたコードを確かめるか、新しいコードを送り直してください。',
    en: 'We could not confirm it. Please check the code that you received, or have a new one sent.',
  },
});

/** Who forgot a password, in one browser. It begins for whatever was typed; who that is, is looked up after the answer. */
export interface Recovery {
  readonly uid: string;
  /** Null until somebody was found, and for nobody. */
  readonly memberId: string | null;
  /** The verified contact that the code went to. */
  readonly sentTo: SentTo | null;
  /** The methods that were proven so far. */
  readonly proof: readonly string[];
}
export type SentTo = Pick<Contact, 'channel' | 'address'>;

/** How long a code may take to come back, and each further proof. */
export const RECOVERY_MINUTES = 10;

/** How often it may be begun. Counted by what was typed, known or not, by class of networks, and over all. */
export const RECOVERY_LIMITS = {
  perAccountHour: 5,
  perAccountDay: 10,
  perNetworkHour: 300, // a class may be a whole mobile carrier
  overAllMinute: 600,
} as const;

/** How long money is kept low after a forgotten password; the newest row that has begun applies. */
export const COOLING = [
  { from: '2019-07-01', hours: 24, owner: 'risk', source: 'docs/adr/0034-a-forgotten-password.md' },
] as const;

/** Until when money is kept low for a password that was recovered now. */
export function coolsUntil(at: Date): Date {
  const hours = COOLING.filter(({ from }) => from <= businessDate(at)).at(-1)?.hours ?? 24;
  return new Date(at.getTime() + hours * 3_600_000);
}

/** By what the member proves themselves besides the code; all empty for who has nothing else. */
export interface SecondWays {
  readonly app: boolean;
  readonly passkey: boolean;
  readonly contact: Contact | null;
}

/**
 * A contact that proves something else than the first code did: after a mail a telephone; after an SMS a mail or
 * another telephone, so that a stolen number alone sets no password.
 */
export function secondContact(
  contacts: readonly Contact[],
  first: SentTo,
  loginId: string | null,
): Contact | null {
  const others = contacts.filter(({ address }) => address !== first.address);
  const telephone = contactFor(others, 'sms', null) ?? null;
  if (first.channel === 'mail') return telephone;
  return contactFor(others, 'mail', loginId) ?? telephone;
}
