import { declareRefusals } from '@7pay/refusals';
import type { Member } from '../account/member.ts';
import type { Acr } from './acr.ts';

/** What a finished proof of identity tells the provider. */
export interface Login {
  readonly memberId: string;
  readonly acr: Acr;
  /**
   * How it was proven (RFC 8176): `pwd`; `pop` with `hwk` or `swk` and `user` for a passkey held in hardware
   * or synchronised; `mail` (ours) for a code by mail, which is no second
   * factor, and `phone` (ours) for one by SMS that a forgotten password began with; `fed:<provider>` (ours) for an external ID. The last is how a stopped provider's
   * sessions are found, so it stays when something else is added to the same login.
   */
  readonly amr: readonly string[];
  /** The instant of the proof itself, not of the redirect that follows it. */
  readonly at: Date;
  /** Which passkey it was, if it was one. */
  readonly passkeyId?: string;
  /** The member, where the proof has read them. */
  readonly member?: Member;
}

export type LoginRefusal = 'LOGIN_FAILED' | 'LOGIN_LOCKED';

declareRefusals('identity/login/login', {
  // One sentence for an unknown ID, a wrong password and a locked account: it tells nobody which.
  LOGIN_FAILED: {
    ja: 'ログインできませんでした。メールアドレスとパスワードを確認してください。続けて間違えると30分間ログインできなくなります。',
    en: 'We could not log you in. Please check your mail address and password. After repeated mistakes you have to wait 30 minutes.',
  },
  LOGIN_LOCKED: {
    ja: '「心当たりがない」とのお知らせを受けて、このログインを止めています。ログイン画面の「パスワードをお忘れの方」からお進みいただくか、お客様サポートへご連絡ください。',
    en: 'This login is locked because somebody told us “this was not me”. Please go on by “Forgot your password?” on the login page, or call customer support.',
  },
});

/** DOMAIN guide 4.1.4; PCI DSS 4.0.1 §8.3.4: at most 10 wrong tries, then 30 minutes. */
export const WRONG_TRIES_MAX = 10;
export const LOCK_MINUTES = 30;

/**
 * What the counter becomes when one more try is made, or 'LOCKED'. A try counts before its password is
 * looked at, so that parallel guesses cannot slip past the limit; a right password sets it back to 0.
 */
export function countTry(
  counter: { wrongTries: number; lastTryAt: Date | null },
  at: Date,
): number | 'LOCKED' {
  if (counter.wrongTries < WRONG_TRIES_MAX) return counter.wrongTries + 1;
  const lockedUntil = (counter.lastTryAt?.getTime() ?? 0) + LOCK_MINUTES * 60_000;
  return at.getTime() < lockedUntil ? 'LOCKED' : 1;
}
