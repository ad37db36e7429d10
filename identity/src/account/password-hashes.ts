import { declareRefusals, isRefused, type Refused } from '@7pay/refusals';
import type { Place } from '../password/fair-queue.ts';
import type { PasswordThreads } from '../password/password-threads.ts';
import { normalizePassword } from './password.ts';

declareRefusals('identity/account/password-hashes', {
  LOGIN_BUSY: {
    ja: 'ただいま混み合っています。少し待ってからもう一度お試しください。',
    en: 'We are busy at the moment. Please wait a little and try again.',
  },
});

/** Makes and checks password hashes. A flood is turned away with LOGIN_BUSY before it takes memory and cores. */
export interface PasswordHashes {
  make(password: string): Promise<string | Refused<'LOGIN_BUSY'>>;
  /** Checks against a stored hash; `null` costs the same time and never fits (unknown members). */
  fits(
    password: string,
    stored: string | null,
    place?: Place,
  ): Promise<boolean | Refused<'LOGIN_BUSY'>>;
  /** Whether a check that comes now would be kept until its turn. */
  hasRoom(place: Place): boolean;
  /** How many checks may be made or wait at once. */
  readonly roomMax: number;
}

// Of random bytes that nobody kept. The answer for nobody takes as long as that for a member.
const DECOY =
  '$argon2id$v=19$m=19456,t=2,p=1$Hm0+OLCxiqgkgbvwCye/GQ$+LNYJsZi8n1WhWA8Ax6r0iMa5pmoes8haJp2USZsEdQ';

/** Argon2id in threads of its own (password-threads.ts). */
export const openPasswordHashes = (threads: PasswordThreads): PasswordHashes => ({
  make: (password) => threads.run({ kind: 'hash', password: normalizePassword(password) }),
  fits: async (password, stored, place) => {
    const work = {
      kind: 'verify',
      password: normalizePassword(password),
      stored: stored ?? DECOY,
    } as const;
    const same = await threads.run(work, place);
    return isRefused(same) ? same : same && stored !== null;
  },
  hasRoom: threads.hasRoom,
  roomMax: threads.roomMax,
});
