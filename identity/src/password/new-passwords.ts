import { declareRefusals, isRefused, type Refused, refuse } from '@7pay/refusals';
import { judgePassword, normalizePassword, type PasswordRefusal } from '../account/password.ts';
import type { BreachedPasswords } from './breached-passwords.ts';
import type { PasswordThreads } from './password-threads.ts';

declareRefusals('identity/password/new-passwords', {
  PASSWORD_BREACHED: {
    ja: 'このパスワードは過去に流出したものの中にあります。別のパスワードにしてください。',
    en: 'This password is among those that have leaked somewhere. Please choose another one.',
  },
});

export type NewPasswordRefusal = PasswordRefusal | 'PASSWORD_BREACHED' | 'LOGIN_BUSY';

/** Judges passwords that are about to be set. */
export interface NewPasswords {
  judge(
    password: string,
    own: { canonicalMail: string; displayName: string },
  ): Promise<Refused<NewPasswordRefusal> | undefined>;
  /** Whether a password is in the hands of attackers: also asked of one that was right. */
  isBreached(password: string): Promise<boolean>;
}

/** As a power of ten. Whoever has the hash of a password with fewer guesses finds it in days on one machine. */
export const GUESSES_MIN_LOG10 = 8;

/** The rules of the page first, as they cost nothing; then the list, then the estimate in the threads. */
export function newPasswords(deps: {
  threads: Pick<PasswordThreads, 'run'>;
  breached: BreachedPasswords;
}): NewPasswords {
  const { threads, breached } = deps;
  const isBreached = (password: string) => breached.has(normalizePassword(password));
  return {
    isBreached,
    judge: async (password, own) => {
      const weak = judgePassword(password, own);
      if (weak) return weak;
      if (await isBreached(password)) return refuse('PASSWORD_BREACHED');
      const [localPart = ''] = own.canonicalMail.split('@');
      const guesses = await threads.run({
        kind: 'guesses',
        password: normalizePassword(password),
        own: [localPart, own.displayName].filter((word) => word !== ''),
      });
      if (isRefused(guesses)) return guesses;
      return guesses < GUESSES_MIN_LOG10 ? refuse('PASSWORD_GUESSABLE') : undefined;
    },
  };
}
