import { declareRefusals } from '@7pay/refusals';
import type { Member } from '../account/member.ts';

export type ResetRefusal =
  | 'RESET_OVER'
  | 'RESET_PROOF_WRONG'
  | 'RESET_TOO_MANY_CODES'
  | 'PASSWORD_UNCHANGED';

declareRefusals('identity/reset/reset', {
  RESET_OVER: {
    ja: 'パスワードの再設定の有効期限が切れました。はじめからログインしてください。',
    en: 'The time to set a new password is over. Please log in again.',
  },
  RESET_PROOF_WRONG: {
    ja: '本人確認ができませんでした。届いた番号を確かめるか、パスキーで確認してください。',
    en: 'We could not confirm that it is you. Please check the code that you received, or use your passkey.',
  },
  RESET_TOO_MANY_CODES: {
    ja: '番号はこれ以上送れません。しばらくしてから、はじめからログインしてください。',
    en: 'We can send no more codes. Please log in again in a while.',
  },
  PASSWORD_UNCHANGED: {
    ja: 'いままでと同じパスワードは使えません。別のパスワードにしてください。',
    en: 'This is the password you had. Please choose another one.',
  },
});

/** Why a member sets a new password. */
export type ResetCause = 'MASS_RESET' | 'BREACHED' | 'DISOWNED' | 'FORGOTTEN';

/**
 * Why a member sets a new one whose password is right, if there is a reason at all. What was disowned comes first: a mass reset does
 * not make an address that nobody proved good for a code.
 */
export function causeOf(
  { mustReplacePassword }: Pick<Member, 'mustReplacePassword'>,
  cutOffs: readonly string[],
): Exclude<ResetCause, 'FORGOTTEN'> {
  if (mustReplacePassword) return 'DISOWNED';
  return cutOffs.length > 0 ? 'MASS_RESET' : 'BREACHED';
}

/** How long a reset waits for its proof and its new password. */
export const RESET_MINUTES = 15;
export const CODES_MAX = 3;
export const CODE_TRIES_MAX = 5;

/** A mail address as its owner knows it again and nobody else learns it: `m•••@e•••.jp`. */
export function maskedMail(mail: string): string {
  const [local = '', domain = ''] = mail.split('@');
  const dot = domain.lastIndexOf('.');
  return `${local.slice(0, 1)}•••@${domain.slice(0, 1)}•••${domain.slice(dot)}`;
}
