import type { Controls, ControlsRefusal } from '@7pay/controls';
import { type Duty, rolesOf } from '@7pay/graphql';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import { isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { ClientSession } from 'mongoose';
import { canonicalMail, cleanDisplayName, type RegistrationRefusal } from './member.ts';
import type { MemberStore, NewMember } from './member.store.ts';
import type { NewPasswordRefusal, NewPasswords } from '../password/new-passwords.ts';
import type { PasswordHashes } from './password-hashes.ts';

export type RegisterRefusal = RegistrationRefusal | NewPasswordRefusal | ControlsRefusal;

export interface Registration {
  /** Null for a member who comes by external ID and has given no address. */
  readonly mail: string | null;
  readonly displayName: string;
  /** Null for a member with a passkey or an external ID. */
  readonly password: string | null;
  readonly locale: Locale;
  /** What they work here for; nothing for a customer. */
  readonly duties?: readonly Duty[];
  /** The id, when something else was made out to it before (a passkey's user handle). */
  readonly memberId?: string;
  /** Writes the way in (a passkey, an external ID) in the transaction of the member; false when it is taken. */
  readonly alongside?: (session: ClientSession, memberId: string) => Promise<boolean>;
}

/** Registers members: at once, or in two steps with something to prove between them. */
export interface RegisterMember {
  (input: Registration): Promise<{ memberId: string } | Refused<RegisterRefusal>>;
  /** Judges what was typed, and makes what is kept of it. Whether the address is a member's is not looked at. */
  prepare(input: Registration): Promise<NewMember | Refused<RegisterRefusal>>;
  /** Writes who was prepared, with what `alongside` writes in the same transaction; false of it refuses. */
  insert(
    member: NewMember,
    alongside?: Registration['alongside'],
  ): Promise<{ memberId: string } | Refused<'REGISTRATION_REFUSED' | ControlsRefusal>>;
}

/**
 * Registers a member. An address that belongs to a member already gives REGISTRATION_REFUSED.
 * The only place where the `registration` switch is enforced: every way in comes through here.
 */
export function registerMember(deps: {
  unitOfWork: UnitOfWork;
  members: MemberStore;
  hashes: PasswordHashes;
  passwords: Pick<NewPasswords, 'judge'>;
  controls: Controls;
  clock: Clock;
  ids: IdSource;
}): RegisterMember {
  const { members, hashes, passwords, controls, clock, ids } = deps;
  const prepare: RegisterMember['prepare'] = async (input) => {
    const allowed = controls.guard('registration');
    if (isRefused(allowed)) return allowed;

    const displayName = cleanDisplayName(input.displayName);
    if (isRefused(displayName)) return displayName;
    const canonical = input.mail === null ? '' : canonicalMail(input.mail);
    if (isRefused(canonical)) return canonical;

    let passwordHash: string | null = null;
    if (input.password !== null) {
      const own = { canonicalMail: canonical, displayName };
      const weak = await passwords.judge(input.password, own);
      if (weak) return weak;
      const made = await hashes.make(input.password);
      if (isRefused(made)) return made;
      passwordHash = made;
    }

    const now = clock.now();
    return {
      id: input.memberId ?? ids.next('mem'),
      mail: input.mail === null ? null : { typed: input.mail.trim(), canonical },
      displayName,
      roles: rolesOf(input.duties ?? []),
      locale: input.locale,
      registeredAt: now,
      passwordHash,
      passwordSetAt: passwordHash === null ? null : now,
      passwordGeneration: passwordHash === null ? null : allowed.generation,
    };
  };
  const insert: RegisterMember['insert'] = async (member, alongside) => {
    const allowed = controls.guard('registration');
    if (isRefused(allowed)) return allowed;
    const canonical = member.mail?.canonical;
    const free = await deps.unitOfWork(async (session) => {
      if (canonical && (await members.isTaken(canonical, session))) return false;
      if (alongside && !(await alongside(session, member.id))) return false;
      await members.insert(member, session);
      return true;
    });
    return free ? { memberId: member.id } : refuse('REGISTRATION_REFUSED');
  };
  const atOnce = async (input: Registration) => {
    const member = await prepare(input);
    return isRefused(member) ? member : insert(member, input.alongside);
  };
  return Object.assign(atOnce, { prepare, insert });
}
