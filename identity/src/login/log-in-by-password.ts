import type { Controls, ControlsRefusal } from '@7pay/controls';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { canonicalMail, type Member } from '../account/member.ts';
import type { Credentials, MemberStore } from '../account/member.store.ts';
import { normalizePassword, PASSWORD_LENGTH_MAX } from '../account/password.ts';
import type { PasswordHashes } from '../account/password-hashes.ts';
import type { Admission } from '../admission/admission.ts';
import { admitTry } from './admit-try.ts';
import type { Miss } from '../audit/refused-login.ts';
import { countTry, type Login, type LoginRefusal } from './login.ts';

export type LogInByPassword = (input: {
  mail: string;
  password: string;
  /** Whom the try counts for: a class of networks, or a browser that the member logged in by before. */
  source: string | null;
  /** Told why nothing opened, for the record alone. */
  note?: (miss: Miss) => void;
}) => Promise<PasswordLogin | Refused<LoginRefusal | 'LOGIN_BUSY' | ControlsRefusal>>;

/** A login by password, with the member as they were when it was found right. */
export interface PasswordLogin extends Login {
  readonly member: Member;
}

/**
 * Logs in by mail address and password. An unknown address, a member without a password, a locked account
 * and a wrong password get the same answer, in the same time: each costs one hash. What was found wrong a
 * moment ago costs none and counts against no account, and takes as long.
 */
export const logInByPassword =
  (deps: {
    members: MemberStore;
    hashes: PasswordHashes;
    controls: Controls;
    admission: Admission;
    clock: Clock;
  }): LogInByPassword =>
  async ({ mail, password, source, note }) => {
    const { members, hashes, controls, admission, clock } = deps;
    const { wrong, pace } = admission;
    const allowed = controls.guard('login.password');
    if (isRefused(allowed)) return allowed;
    const at = clock.now();
    if (!admission.admits(source, at)) return refuse('LOGIN_BUSY');

    const began = pace.begin();
    const canonical = canonicalMail(mail);
    const found = isRefused(canonical) ? null : await members.findCredentials(canonical);
    const tooLong = password.length > 2 * PASSWORD_LENGTH_MAX;
    const attempt = {
      stored: found?.passwordHash ?? null,
      canonicalMail: isRefused(canonical) ? '' : canonical,
      password: tooLong ? '' : normalizePassword(password),
    };
    const missed = (looked: boolean) => note?.(missOf(found, looked));
    if (wrong.has(attempt, at.getTime())) {
      missed(true);
      admission.note(source, false, at);
      await pace.wait(began);
      return refuse('LOGIN_FAILED');
    }

    const known = isRefused(canonical) ? null : await admit(members, found, { canonical, at });
    const compared = known?.passwordHash ?? null;
    const fits = await hashes.fits(attempt.password, compared, admission.placeOf(source, at));
    if (isRefused(fits)) {
      admission.noteUnread(source, at);
      if (known) await giveBack(members, known, at);
      return fits;
    }
    admission.note(source, fits, at);
    pace.took(began);
    if (!known || !fits) {
      // A locked member's password was not looked at: nothing is known of it.
      if (compared === attempt.stored) wrong.note(attempt, at.getTime());
      missed(known !== null);
      return refuse('LOGIN_FAILED');
    }

    const { member } = known;
    await members.forgetTries(member.id);
    return { memberId: member.id, acr: 'urn:7id:acr:1', amr: ['pwd'], at, member };
  };

function missOf(found: Credentials | null, looked: boolean): Miss {
  if (!found) return { why: 'UNKNOWN_ID' };
  const { id: memberId } = found.member;
  if (found.passwordHash === null) return { why: 'NO_PASSWORD', memberId };
  return { why: looked ? 'WRONG_PASSWORD' : 'LOCKED', memberId };
}

// The member whose password may be looked at now; null for an unknown or locked one, at the same work.
async function admit(
  members: MemberStore,
  found: Credentials | null,
  { canonical, at }: { canonical: string; at: Date },
): Promise<Credentials | null> {
  const withPassword = (each: Credentials | null) => (each?.passwordHash ? each : null);
  const admitted = await admitTry(withPassword(found), {
    at,
    read: async () => withPassword(await members.findCredentials(canonical)),
    count: ({ member }, counter) => members.countTry(member.id, counter),
  });
  if (!admitted) await members.countTry('', { from: 0, to: 0, at });
  return admitted;
}

// A try that nobody looked at is none: a rush must not lock the members who wait in it. Where another try was counted meanwhile
// it stays.
async function giveBack(members: MemberStore, found: Credentials, at: Date): Promise<void> {
  const counted = countTry(found, at);
  if (counted === 'LOCKED') return;
  const { member, wrongTries, lastTryAt } = found;
  await members.countTry(member.id, { from: counted, to: wrongTries, at: lastTryAt ?? at });
}
