import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { canonicalMail, countsFor, isLocked, loginIdOf, type Member } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import {
  type Channel,
  type Contact,
  contactFor,
  isSameContact,
  maskedAddress,
} from '../contact/contact.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import { contactId } from '../contact/manage-contacts.ts';
import type { OneTimeCodes } from '../one-time-code/one-time-codes.ts';
import type { SentCode } from '../one-time-code/one-time-code.ts';
import { maskedMail } from '../reset/reset.ts';
import { RECOVERY_MINUTES, type RecoveryRefusal } from './recovery.ts';
import type { RecoveryBudget } from './recovery-budget.ts';
import type { RecoveryStore } from './recovery.store.ts';

/** What is left to do when the answer is out; it needs no answer of its own. */
export type Deliver = () => Promise<void>;

/** The first half of a forgotten password: a code to a verified contact. What is answered depends on nobody's account. */
export interface RecoverAccess {
  /** Begins. The same reads and writes for whatever was typed; the rest is in what it returns. */
  ask(
    uid: string,
    asked: { loginId: string; network: string | null },
  ): Promise<Deliver | Refused<'LOGIN_BUSY'>>;
  /** Sends another code, to the telephone of whoever it is, if they have one that was verified. */
  askBySms(
    uid: string,
    asked: { network: string | null },
  ): Promise<Deliver | Refused<'LOGIN_BUSY'>>;
  /** The code has come back: whose it is. */
  proveByCode(uid: string, code: string): Promise<true | Refused<RecoveryRefusal>>;
}

export interface RecoverDeps {
  readonly members: Pick<MemberStore, 'find' | 'findCredentials'>;
  readonly contacts: Pick<ContactStore, 'verifiedOf'>;
  readonly codes: OneTimeCodes;
  readonly recoveries: RecoveryStore;
  readonly budget: RecoveryBudget;
  readonly clock: Clock;
  readonly log: Log;
}

const NOBODY = { memberId: 'nobody', channel: 'mail', address: 'nobody' } as const;

export const recoveryCode = (to: Pick<Contact, 'memberId' | 'channel' | 'address'>): SentCode => ({
  memberId: to.memberId,
  purpose: 'RECOVERY',
  channel: to.channel,
  address: to.address,
});

/** The contacts by which a member can recover: verified, and before what they said was not them. */
export const contactsOf = async (
  member: Member,
  contacts: Pick<ContactStore, 'verifiedOf'>,
): Promise<Contact[]> =>
  (await contacts.verifiedOf(member.id)).filter(
    (contact) =>
      countsFor(contact.verifiedAt, member.lock) &&
      !(isLocked(member) && member.lock?.without.includes(contactId(contact))),
  );

export function recoverAccess(deps: RecoverDeps): RecoverAccess {
  const { members, contacts, codes, recoveries, budget, clock, log } = deps;

  const send = async (
    recovery: { uid: string; typed: string | null },
    { member, channel }: { member: Member; channel: Channel },
  ) => {
    const loginId = loginIdOf(member);
    const own = await contactsOf(member, contacts);
    const mail = channel === 'mail' ? contactFor(own, 'mail', loginId) : undefined;
    const to = mail ?? contactFor(own, 'sms', null);
    if (!to) return log.info('recovery.no_contact', { memberId: member.id });
    const sentTo = { channel: to.channel, address: to.address };
    if (!(await recoveries.address(recovery, { memberId: member.id, sentTo }))) {
      return log.info('recovery.begun_anew', { memberId: member.id });
    }
    const account = member.mail ? maskedMail(member.mail) : maskedAddress(to.channel, to.address);
    const sent = await codes.send(recoveryCode(to), member.locale, { account });
    if (isRefused(sent)) log.warn('recovery.not_sent', { code: sent.refused });
    else log.info('recovery.sent', { memberId: member.id, channel: to.channel });
  };

  return {
    ask: async (uid, { loginId, network }) => {
      const at = clock.now();
      const canonical = canonicalMail(loginId.slice(0, 300));
      const typed = isRefused(canonical) ? '' : canonical;
      const admitted = await budget.spend({ typed, network }, at);
      if (admitted === 'BUSY') return refuse('LOGIN_BUSY');
      await recoveries.begin({ uid, typed, until: untilOf(at) });
      return async () => {
        if (admitted === 'QUIET') return log.warn('recovery.limit_reached', {});
        const found = typed === '' ? null : await members.findCredentials(typed);
        if (found) await send({ uid, typed }, { member: found.member, channel: 'mail' });
        else log.info('recovery.nobody', {});
      };
    },

    askBySms: async (uid, { network }) => {
      const at = clock.now();
      // Counted by the browser here: what was typed is not kept.
      const admitted = await budget.spend({ typed: `sms|${uid}`, network }, at);
      if (admitted === 'BUSY') return refuse('LOGIN_BUSY');
      return async () => {
        const recovery = await recoveries.find(uid, at);
        const member = recovery?.memberId ? await members.find(recovery.memberId) : null;
        if (admitted === 'QUIET') return log.warn('recovery.limit_reached', {});
        if (!member) return log.info('recovery.nobody', {});
        await send({ uid, typed: null }, { member, channel: 'sms' });
      };
    },

    proveByCode: async (uid, code) => {
      const at = clock.now();
      const recovery = await recoveries.find(uid, at);
      if (!recovery) return refuse('RECOVERY_OVER');
      const { memberId, sentTo } = recovery;
      // For nobody the same is done: a try at a code that does not exist.
      const isOpen = memberId !== null && sentTo !== null && recovery.proof.length === 0;
      const to = isOpen ? { memberId, ...sentTo } : NOBODY;
      const right = await codes.prove(recoveryCode(to), code.slice(0, 64));
      if (isRefused(right) || !isOpen) return refuse('RECOVERY_PROOF_WRONG');
      const member = await members.find(memberId);
      const own = member ? await contactsOf(member, contacts) : [];
      // It may have been taken away since the code was sent there.
      if (!own.some((contact) => isSameContact(contact, sentTo))) return refuse('RECOVERY_OVER');
      // A telephone that a code came to is no second factor here: it is the first.
      const proof = [sentTo.channel === 'mail' ? 'mail' : 'phone'];
      const proven = await recoveries.prove({ uid, memberId, sentTo }, proof, untilOf(at));
      return proven || refuse('RECOVERY_OVER');
    },
  };
}

export const untilOf = (at: Date): Date => new Date(at.getTime() + RECOVERY_MINUTES * 60_000);
