import { declareRefusals } from '@7pay/refusals';
import type { NewMember } from '../account/member.store.ts';
import type { Passkey } from '../login/passkey.ts';

declareRefusals('identity/registration/registration', {
  REGISTRATION_OVER: {
    ja: '登録の手続きの有効期限が切れました。もう一度はじめから入力してください。',
    en: 'The time to register is over. Please start again.',
  },
  // One sentence for a wrong, used and late code, and for one that was never sent: whether the address is a member's is not told.
  REGISTRATION_CODE_WRONG: {
    ja: '確認できませんでした。届いたコードを確かめるか、新しいコードを送り直してください。',
    en: 'We could not confirm it. Please check the code that you received, or have a new one sent.',
  },
});

export type RegistrationStepRefusal = 'REGISTRATION_OVER' | 'REGISTRATION_CODE_WRONG';

/** Somebody who registers, until a code has come back from their address. Nobody is a member before that. */
export interface PendingRegistration {
  readonly uid: string;
  readonly member: NewMember;
  /** What is written with the member; null for who has chosen a password. */
  readonly passkey: Passkey | null;
}

/** How long somebody may take to come back with the code. */
export const REGISTRATION_MINUTES = 15;

/** How often one may be begun, and another code asked for; each recipient has limits of its own. */
export const REGISTRATION_LIMITS = {
  perNetworkHour: 300, // a class may be a whole mobile carrier
  overAllMinute: 600,
} as const;

/** The canonical address of who registers. Those who come here have given one. */
export const addressOf = ({ member }: PendingRegistration): string => member.mail?.canonical ?? '';
