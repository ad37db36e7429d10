import { hash, verify } from '@node-rs/argon2';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { normalizePassword } from './password.ts';

declareRefusals('identity/account/password-hashes', {
  LOGIN_BUSY: {
    ja: 'ただいま混み合っています。少し待ってからもう一度お試しください。',
    en: 'We are busy at the moment. Please wait a little and try again.',
  },
});

// OWASP password storage: argon2id, 19 MiB, two passes, one lane
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const AT_ONCE = 2; // 19 MiB and a core each
const WAITING_MAX = 64; // about a second of work; beyond that waiting only makes everybody late

/** Makes and checks password hashes, a few at a time. */
export interface PasswordHashes {
  make(password: string): Promise<string | Refused<'LOGIN_BUSY'>>;
  /** Checks against a stored hash; `null` costs the same time and never fits (unknown members). */
  fits(password: string, stored: string | null): Promise<boolean | Refused<'LOGIN_BUSY'>>;
}

/**
 * Hashing with admission control: at most two at once and a bounded queue, so that a flood of logins is
 * turned away with LOGIN_BUSY before it takes the memory and the cores of everything else.
 */
export function openPasswordHashes(
  limits: { atOnce?: number; waitingMax?: number } = {},
): PasswordHashes {
  const gate = openGate(limits.atOnce ?? AT_ONCE, limits.waitingMax ?? WAITING_MAX);
  let decoy: Promise<string> | undefined;

  return {
    make: (password) => gate(() => hash(normalizePassword(password), ARGON2ID)),
    fits: (password, stored) =>
      gate(async () => {
        // The answer for nobody takes as long as that for a member.
        decoy ??= hash('nobody', ARGON2ID);
        const same = await verify(stored ?? (await decoy), normalizePassword(password));
        return same && stored !== null;
      }),
  };
}

function openGate(atOnce: number, waitingMax: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result | Refused<'LOGIN_BUSY'>> => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) return refuse('LOGIN_BUSY');
      await new Promise<void>((proceed) => waiting.push(proceed));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift(); // hands the place on without letting anybody in between
      if (next) next();
      else running -= 1;
    }
  };
}
