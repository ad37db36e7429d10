import type { UnitOfWork } from '@7pay/mongo';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { countsFor, isLocked, loginIdOf, type Member } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import { type Contact, isSameContact } from '../contact/contact.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import { contactId } from '../contact/manage-contacts.ts';
import type { AssertPasskey } from '../login/assert-passkey.ts';
import type { Passkey, PasskeyRefusal } from '../login/passkey.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import type { OneTimeCodeRefusal, SentCode } from '../one-time-code/one-time-code.ts';
import type { OneTimeCodes } from '../one-time-code/one-time-codes.ts';
import type { ResetPassword } from '../reset/reset-password.ts';
import type { AuthenticatorApp } from '../second-factor/authenticator-app.ts';
import type { SecondFactorRefusal } from '../second-factor/second-factor.ts';
import type { SecondFactorStore } from '../second-factor/second-factor.store.ts';
import { contactsOf, recoveryCode } from './recover-access.ts';
import {
  type Recovery,
  type RecoveryRefusal,
  secondContact,
  type SecondWays,
  type SentTo,
} from './recovery.ts';
import type { RecoveryStore } from './recovery.store.ts';

type Next =
  | true
  | Refused<RecoveryRefusal | OneTimeCodeRefusal | SecondFactorRefusal | PasskeyRefusal>;

/** A recovery whose code has come back. */
export interface ProvenRecovery {
  readonly member: Member;
  readonly ways: SecondWays;
}

/** The second half of a forgotten password: what the member has besides the contact, then the new password. */
export interface ProveSecond {
  /** Where it stands; null before its code came back, and when it is over. */
  find(uid: string): Promise<ProvenRecovery | null>;
  /** Goes on to the new password when the member has nothing else. True: the new password is next. */
  passWithout(uid: string): Promise<boolean>;
  byApp(uid: string, code: string): Promise<Next>;
  byPasskey(uid: string, credential: string): Promise<Next>;
  /** Sends a code to the other contact; there is no other destination. */
  sendCode(uid: string): Promise<Next>;
  byCode(uid: string, code: string): Promise<Next>;
}

/** Sent for whoever has proven the first contact: what strangers have sent does not use it up. */
const secondCode = (to: Contact): SentCode => ({ ...recoveryCode(to), purpose: 'RECOVERY_SECOND' });

export function proveSecond(deps: {
  unitOfWork: UnitOfWork;
  members: Pick<MemberStore, 'find'>;
  contacts: Pick<ContactStore, 'verifiedOf'>;
  factors: Pick<SecondFactorStore, 'find'>;
  passkeys: Pick<PasskeyStore, 'ofMember'>;
  app: Pick<AuthenticatorApp, 'prove'>;
  assertPasskey: Pick<AssertPasskey, 'finish'>;
  codes: OneTimeCodes;
  recoveries: RecoveryStore;
  resets: Pick<ResetPassword, 'beginProven'>;
  clock: Clock;
}): ProveSecond {
  const { members, contacts, factors, passkeys, codes, recoveries, clock } = deps;

  interface Standing extends ProvenRecovery {
    readonly recovery: Recovery;
    readonly sentTo: SentTo;
    readonly old: readonly Passkey[];
  }
  const standing = async (uid: string): Promise<Standing | null> => {
    const recovery = await recoveries.find(uid, clock.now());
    if (!recovery?.memberId || !recovery.sentTo || recovery.proof.length === 0) return null;
    const member = await members.find(recovery.memberId);
    if (!member) return null;
    const { id, lock } = member;
    const [own, found, keys] = await Promise.all([
      contactsOf(member, contacts),
      factors.find(id),
      passkeys.ofMember(id),
    ]);
    const { sentTo } = recovery;
    if (!own.some((contact) => isSameContact(contact, sentTo))) return null; // taken away meanwhile
    const old = keys.filter(({ addedAt }) => countsFor(addedAt, lock));
    const ways: SecondWays = {
      app: countsFor(found?.totp?.addedAt ?? null, lock),
      passkey: old.length > 0,
      contact: secondContact(own, sentTo, loginIdOf(member)),
    };
    return { recovery, member, ways, sentTo, old };
  };

  // The recovery becomes the reset of a password in one step: revoked meanwhile, it becomes nothing.
  const pass = async (
    at: Standing,
    second: readonly string[],
    through?: Contact,
  ): Promise<Next> => {
    const { recovery, member, sentTo } = at;
    const first = { memberId: member.id, ...sentTo };
    const by = [first, ...(through ? [through] : [])].map(contactId);
    const passed = await deps.unitOfWork(async (session) => {
      const { uid } = recovery;
      if (!(await recoveries.take({ uid, memberId: member.id }, session))) return false;
      const proof = [...recovery.proof, ...second];
      await deps.resets.beginProven({ uid, member, proof, by }, session);
      return true;
    });
    return passed || refuse('RECOVERY_OVER');
  };

  return {
    find: standing,

    passWithout: async (uid) => {
      const at = await standing(uid);
      if (!at || at.ways.app || at.ways.passkey || at.ways.contact) return false;
      return !isRefused(await pass(at, []));
    },

    byApp: async (uid, code) => {
      const at = await standing(uid);
      if (!at?.ways.app) return refuse('RECOVERY_OVER');
      // Whoever was in may have made recovery codes anew; they are void when the member is back.
      const by = isLocked(at.member) ? 'APP_ALONE' : 'APP_OR_RECOVERY_CODE';
      const proof = await deps.app.prove(at.member.id, code.slice(0, 64), by);
      return isRefused(proof) ? proof : pass(at, [proof.amr]);
    },

    byPasskey: async (uid, credential) => {
      const at = await standing(uid);
      if (!at?.ways.passkey) return refuse('RECOVERY_OVER');
      const login = await deps.assertPasskey.finish(uid, credential);
      if (isRefused(login)) return login;
      if (login.memberId !== at.member.id) return refuse('RECOVERY_PROOF_WRONG');
      // One that was added with what the member disowned proves nothing.
      const isOld = at.old.some(({ id }) => id === login.passkeyId);
      return isOld ? pass(at, login.amr) : refuse('RECOVERY_PROOF_WRONG');
    },

    sendCode: async (uid) => {
      const at = await standing(uid);
      if (!at?.ways.contact) return refuse('RECOVERY_OVER');
      return codes.send(secondCode(at.ways.contact), at.member.locale);
    },

    byCode: async (uid, code) => {
      const at = await standing(uid);
      const contact = at?.ways.contact;
      if (!at || !contact) return refuse('RECOVERY_OVER');
      const proven = await codes.prove(secondCode(contact), code.slice(0, 64));
      if (isRefused(proven)) return refuse('RECOVERY_PROOF_WRONG');
      return pass(at, [contact.channel], contact);
    },
  };
}
