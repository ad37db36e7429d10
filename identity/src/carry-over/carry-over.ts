import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { isConfirmed } from '../second-factor/second-factor.ts';

declareRefusals('identity/carry-over/carry-over', {
  CARRY_OVER_OVER: {
    ja: 'お手続きの有効期限が切れました。はじめからやり直してください。',
    en: 'The time for this is over. Please start again.',
  },
  ALREADY_NATIVE: {
    ja: 'この7iDにはパスキーかパスワードがすでにあります。それでログインしてください。',
    en: 'This 7iD has a passkey or a password already. Please log in with it.',
  },
  LOGIN_ID_TAKEN: {
    ja: 'このメールアドレスは別の7iDのログインIDです。パスキーを登録するか、お客様サポートへご連絡ください。',
    en: 'This mail address is the login ID of another 7iD. Please register a passkey, or call support.',
  },
});

export type CarryOverRefusal =
  | 'CARRY_OVER_OVER'
  | 'ALREADY_NATIVE'
  | 'LOGIN_ID_TAKEN'
  | 'SECOND_FACTOR_REQUIRED';

/**
 * Codes that one account is sent here, to all its contacts together; each recipient has limits of its own. And how often one may be
 * asked for, of whoever it is.
 */
export const CARRY_OVER_LIMITS = {
  perAccountHour: 5,
  perAccountDay: 10,
  perNetworkHour: 300, // a class may be a whole mobile carrier
  overAllMinute: 600,
} as const;

/** How long a proof by a contact waits for the new way in. */
export const CARRY_OVER_MINUTES = 15;

/** What is known of a member who is about to get a way in of their own. */
export interface Leaver {
  /** Said that something was not them, and is not back yet. */
  readonly isLocked: boolean;
  readonly hasPassword: boolean;
  readonly passkeys: number;
  /** What the member has besides a way in; the app where there are both. A telephone is one that was verified. */
  readonly secondFactor: 'APP' | 'TELEPHONE' | null;
}

/**
 * Whether a member may set their first way in of 7iD. It is for who has none: everybody else has a better proof than the one that is
 * shown here. Who has a second factor shows it, for the first way in must not lead past it: a code to the telephone (`phone`) is
 * enough where the telephone is all there is, and nothing beside an app.
 * @returns why not; undefined when they may
 */
export function judgeCarryOver(
  { isLocked, hasPassword, passkeys, secondFactor }: Leaver,
  amr: readonly string[],
): Refused<'CARRY_OVER_OVER' | 'ALREADY_NATIVE' | 'SECOND_FACTOR_REQUIRED'> | undefined {
  if (isLocked) return refuse('CARRY_OVER_OVER');
  if (hasPassword || passkeys > 0) return refuse('ALREADY_NATIVE');
  const isShown = isConfirmed(amr) || (secondFactor === 'TELEPHONE' && amr.includes('phone'));
  return secondFactor && !isShown ? refuse('SECOND_FACTOR_REQUIRED') : undefined;
}
