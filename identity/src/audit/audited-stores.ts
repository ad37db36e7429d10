import type { Outbox } from '@7pay/events';
import { methodsOf, providersOf } from '@7pay/controls';
import type { UnitOfWork } from '@7pay/mongo';
import { LOGINS_ENDED } from '../account/logins-ended-event.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import type { ExternalIdStore } from '../external-id/external-id.store.ts';
import type { LoginRecordStore } from '../gate/login-record.store.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import { placeKey } from '../new-device/known-device.ts';
import type { KnownKeys } from '../new-device/known-keys.ts';
import type { SecondFactorStore } from '../second-factor/second-factor.store.ts';
import { gatherWork } from '../storage/gathered-writes.ts';
import type { Audit } from './audit.store.ts';

// Recorded where it is written, so that no use case can forget it, in the transaction of what it tells of.

/** Members who register, and passwords that are set. */
export const auditedMembers = (members: MemberStore, audit: Audit): MemberStore => ({
  ...members,
  insert: async (member, session) => {
    await members.insert(member, session);
    const { id: memberId } = member;
    await audit.append('MEMBER_REGISTERED', { memberId }, session);
    if (member.passwordHash === null) return;
    await audit.append('PASSWORD_SET', { memberId, reason: 'REGISTERED' }, session);
  },
  setPassword: async (memberId, made, session) => {
    await members.setPassword(memberId, made, session);
    await audit.append('PASSWORD_SET', { memberId, reason: 'REPLACED' }, session);
  },
  setFirstPassword: async (memberId, made, session) => {
    const set = await members.setFirstPassword(memberId, made, session);
    if (set) await audit.append('PASSWORD_SET', { memberId, reason: 'FIRST' }, session);
    return set;
  },
  unlock: async (memberId, session, order) => {
    const unlocked = await members.unlock(memberId, session);
    const facts = { memberId, reason: 'NOT_ME', ...order };
    if (unlocked) await audit.append('LOGIN_UNLOCKED', facts, session);
    return unlocked;
  },
  clearTries: async (memberId, session, order) => {
    const cleared = await members.clearTries(memberId, session, order);
    const facts = { memberId, reason: 'WRONG_PASSWORDS', ...order };
    if (cleared) await audit.append('LOGIN_UNLOCKED', facts, session);
    return cleared;
  },
});

/** Passkeys that are added. */
export const auditedPasskeys = (passkeys: PasskeyStore, audit: Audit): PasskeyStore => ({
  ...passkeys,
  insert: async (passkey, session) => {
    const added = await passkeys.insert(passkey, session);
    const { memberId } = passkey;
    if (added) await audit.append('FACTOR_ADDED', { memberId, method: 'PASSKEY' }, session);
    return added;
  },
});

/** External IDs that are linked, and taken away. */
export const auditedExternalIds = (ids: ExternalIdStore, audit: Audit): ExternalIdStore => ({
  ...ids,
  insert: async (externalId, session) => {
    const linked = await ids.insert(externalId, session);
    const { memberId, provider } = externalId;
    const facts = { memberId, provider, method: 'EXTERNAL_ID' };
    if (linked) await audit.append('FACTOR_ADDED', facts, session);
    return linked;
  },
  remove: async (memberId, provider, session) => {
    await ids.remove(memberId, provider, session);
    const facts = { memberId, provider, method: 'EXTERNAL_ID' };
    await audit.append('FACTOR_REMOVED', facts, session);
  },
});

/** Contacts that count from now on, and those that are taken away. Never what they are. */
export const auditedContacts = (
  contacts: ContactStore,
  audit: Audit,
  unitOfWork: UnitOfWork,
): ContactStore => ({
  ...contacts,
  verify: (contact, at, given) =>
    inSession(unitOfWork, given, async (session) => {
      const verified = await contacts.verify(contact, at, session);
      const { memberId, channel } = contact;
      const facts = { memberId, method: channel.toUpperCase() };
      if (verified) await audit.append('CONTACT_ADDED', facts, session);
      return verified;
    }),
  remove: (contact, given) =>
    inSession(unitOfWork, given, async (session) => {
      const removed = await contacts.remove(contact, session);
      const { memberId, channel } = contact;
      const facts = { memberId, method: channel.toUpperCase() };
      if (removed) await audit.append('CONTACT_REMOVED', facts, session);
      return removed;
    }),
});

/** Authenticator apps that are added and taken away, and recovery codes that are made anew. */
export const auditedFactors = (
  factors: SecondFactorStore,
  audit: Audit,
  unitOfWork: UnitOfWork,
): SecondFactorStore => ({
  ...factors,
  confirm: (memberId, app, given) =>
    inSession(unitOfWork, given, async (session) => {
      const added = await factors.confirm(memberId, app, session);
      if (added) await audit.append('FACTOR_ADDED', { memberId, method: 'APP' }, session);
      return added;
    }),
  renewRecoveryCodes: (memberId, hashes, given) =>
    inSession(unitOfWork, given, async (session) => {
      const renewed = await factors.renewRecoveryCodes(memberId, hashes, session);
      const facts = { memberId, method: 'RECOVERY_CODES' };
      if (renewed) await audit.append('FACTOR_ADDED', facts, session);
      return renewed;
    }),
  remove: (memberId, given) =>
    inSession(unitOfWork, given, async (session) => {
      const removed = await factors.remove(memberId, session);
      if (removed) await audit.append('FACTOR_REMOVED', { memberId, method: 'APP' }, session);
      return removed;
    }),
});

/**
 * Logins that were made, with all that is known of where they came from. Told again, nothing is added. In a request that gathers
 * its writes they are in one transaction with what the login gave.
 */
export const auditedLogins = (
  logins: LoginRecordStore,
  audit: Audit,
  { unitOfWork, knownKeys }: { unitOfWork: UnitOfWork; knownKeys: KnownKeys },
): LoginRecordStore => ({
  ...logins,
  record: async (login) => {
    // A device of the member in this network is known from a login there.
    const place = placeKey(login);
    const isKnown = place !== null && (await knownKeys(login)).has(place);
    const newNetwork = !isKnown && !(await logins.hasUsedNetwork(login));
    const { memberId, clientId, acr, amr, network, country, agent } = login;
    const [provider] = providersOf(amr);
    const facts = {
      memberId,
      clientId,
      acr,
      method: methodsOf(amr)[0] ?? 'OTHER',
      newNetwork,
      ...(provider !== undefined && { provider }),
      ...(network !== null && { network }),
      ...(country !== null && { country }),
      ...(agent !== null && { agent }),
    };
    let runs = 0;
    const work = async (session: Session): Promise<void> => {
      runs += 1;
      // Most are new: one that is on record collides with itself, and is looked for when this runs again.
      if (runs > 1 && (await logins.find(login, session))) return;
      await audit.append('LOGIN_MADE', facts, session); // reads first: a read sends what waits
      await logins.insert(login, session);
    };
    if (!gatherWork(work)) await unitOfWork(work);
  },
});

/** Logins of a member that all ended, from the event that tells everybody else. */
export const auditedOutbox = (outbox: Outbox, audit: Audit): Outbox => ({
  append: async (session, event) => {
    await outbox.append(session, event);
    if (event.name !== LOGINS_ENDED) return;
    const { memberId, reason } = event.body as { memberId: string; reason: string };
    if (reason === 'ENDED_BY_OPERATOR') return; // recorded by the use case, which knows the operator
    await audit.append('LOGINS_ENDED', { memberId, reason }, session);
  },
});

type Session = Parameters<Parameters<UnitOfWork>[0]>[0];

const inSession = <Result>(
  unitOfWork: UnitOfWork,
  given: Session | undefined,
  body: (session: Session) => Promise<Result>,
): Promise<Result> => (given ? body(given) : unitOfWork(body));
