import type { UnitOfWork } from '@7pay/mongo';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { isLocked, type Member } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import { countTry, LOCK_MINUTES } from '../login/login.ts';

/** Why a member is not let in. */
export interface LoginLockShown {
  /** `NOT_ME`: they said that something was not them. `WRONG_PASSWORDS`: too many, for a while. */
  readonly why: 'NOT_ME' | 'WRONG_PASSWORDS';
  readonly since: Date;
  /** When it ends by itself; null when it does not. */
  readonly until: Date | null;
}

export type UnlockRefusal = 'MEMBER_NOT_FOUND' | 'LOGIN_NOT_LOCKED' | 'LOGIN_OF_OPERATOR';

declareRefusals('identity/unlock/unlock-login', {
  LOGIN_NOT_LOCKED: {
    ja: 'このログインは止まっていません。',
    en: 'This login is not locked.',
  },
  LOGIN_OF_OPERATOR: {
    ja: '運用担当者のログインです。セキュリティの担当者に依頼してください。',
    en: 'This is the login of an operator. Please ask a colleague of security.',
  },
});

type Tries = { wrongTries: number; lastTryAt: Date | null };

/** What keeps a member out at this instant: nothing, one or both. */
export function locksOf(
  { lock }: Pick<Member, 'lock'>,
  tries: Tries | null,
  now: Date,
): LoginLockShown[] {
  const locks: LoginLockShown[] = [];
  if (lock && isLocked({ lock })) locks.push({ why: 'NOT_ME', since: lock.at, until: null });
  if (tries?.lastTryAt && countTry(tries, now) === 'LOCKED') {
    const until = new Date(tries.lastTryAt.getTime() + LOCK_MINUTES * 60_000);
    locks.push({ why: 'WRONG_PASSWORDS', since: tries.lastTryAt, until });
  }
  return locks;
}

/** Who lets a member in again, and why. */
export interface UnlockWish {
  readonly memberId: string;
  readonly by: string;
  /** Whether they hold `security`, which the login of an operator asks for. */
  readonly forOperators: boolean;
  readonly note: string;
}

export type UnlockLogin = (
  wish: UnlockWish,
) => Promise<{ unlocked: readonly LoginLockShown['why'][] } | Refused<UnlockRefusal>>;

/**
 * Lets a member in again, whatever kept them out, once support knows who they are; each lock that goes is on record. The login of
 * an operator opens more than a wallet, so whoever talks support round does not get it.
 */
export const unlockLogin =
  (deps: {
    members: Pick<MemberStore, 'find' | 'unlock' | 'clearTries' | 'tries'>;
    unitOfWork: UnitOfWork;
    clock: Clock;
  }): UnlockLogin =>
  ({ memberId, by: actor, forOperators, note }) =>
    deps.unitOfWork(async (session) => {
      const { members, clock } = deps;
      const member = await members.find(memberId);
      if (!member) return refuse('MEMBER_NOT_FOUND');
      if (member.roles.length > 0 && !forOperators) return refuse('LOGIN_OF_OPERATOR');
      const locks = locksOf(member, await members.tries(memberId, session), clock.now());
      const lift = { NOT_ME: members.unlock, WRONG_PASSWORDS: members.clearTries };
      const unlocked: LoginLockShown['why'][] = [];
      for (const { why } of locks) {
        if (await lift[why](memberId, session, { actor, note })) unlocked.push(why);
      }
      return unlocked.length > 0 ? { unlocked } : refuse('LOGIN_NOT_LOCKED');
    });
