import type { Clock } from '@7pay/time';
import type { ClientSession, Connection } from 'mongoose';
import type { LoginLock } from '../account/member.ts';
import { memberModel, type MemberStore } from '../account/member.store.ts';
import type { Audit } from '../audit/audit.store.ts';
import { isSameContact } from '../contact/contact.ts';
import { contactModel } from '../contact/contact.store.ts';
import { externalIdModels } from '../external-id/external-id.store.ts';
import { passkeyModels } from '../login/passkey.store.ts';
import { knownDeviceModel } from '../new-device/known-device.store.ts';
import { secondFactorModel } from '../second-factor/second-factor.store.ts';
import { endLinks } from './not-me.store.ts';

/**
 * Members who come back after “this was not me”, by what they had before or by support. In the transaction that lets them in again,
 * everything is gone that was added between what they disowned and their report: passkeys, external IDs, an app, contacts, known
 * devices, and all recovery codes. So none of it has to be asked about wherever something proves a member. The links of all
 * notices from before are over: one of them would disown what the member adds from now on.
 */
export function forgetDisowned(
  members: MemberStore,
  deps: { connection: Connection; audit: Audit; clock: Clock },
): MemberStore {
  const forget = forgetting(deps);
  return {
    ...members,
    liftLock: async (id, at, session) => {
      await forget(id, session);
      await members.liftLock(id, at, session);
    },
    unlock: async (id, session, order) => {
      await forget(id, session);
      return members.unlock(id, session, order);
    },
  };
}

function forgetting(deps: { connection: Connection; audit: Audit; clock: Clock }) {
  const { connection, audit, clock } = deps;
  const members = memberModel(connection);
  const contacts = contactModel(connection);
  const factors = secondFactorModel(connection);
  const { passkeys } = passkeyModels(connection);
  const { externalIds } = externalIdModels(connection);
  const devices = knownDeviceModel(connection);
  const endAllLinks = endLinks(connection);

  return async (memberId: string, session: ClientSession): Promise<void> => {
    const row = await members
      .findById(memberId, { lock: 1, canonicalMail: 1 })
      .session(session)
      .lean();
    if (!row?.lock || row.lock.liftedAt) return;
    const meanwhile = between(row.lock);
    const gone = [
      {
        method: 'PASSKEY',
        of: await passkeys.deleteMany({ memberId, addedAt: meanwhile }).session(session),
      },
      {
        method: 'EXTERNAL_ID',
        of: await externalIds.deleteMany({ memberId, linkedAt: meanwhile }).session(session),
      },
      {
        method: 'APP',
        of: await factors.deleteMany({ _id: memberId, 'totp.addedAt': meanwhile }).session(session),
      },
    ];
    // Deleted, the address of the login ID would count as one that nobody ever proved (contact/verified-mail.ts).
    const added = await contacts.find({ memberId, verifiedAt: meanwhile }).session(session).lean();
    const loginId = { channel: 'mail', address: row.canonicalMail ?? '' } as const;
    const proven = added.find((contact) => isSameContact(contact, loginId));
    if (proven?.verifiedAt) {
      const set = { $set: { loginIdProvenAt: proven.verifiedAt } };
      await members.updateOne({ _id: memberId }, set, { session });
    }
    const lost = await contacts
      .deleteMany({ memberId, $or: [{ verifiedAt: meanwhile }, { verifiedAt: null }] })
      .session(session);
    // A login from the thief's device is news again.
    await devices.deleteMany({ memberId, at: meanwhile }).session(session);
    // When they were made nobody knows; an app that has not shown a code yet may be anybody's.
    await factors
      .updateOne({ _id: memberId }, { $set: { recovery: [], pending: null } })
      .session(session);
    await endAllLinks(memberId, clock.now(), session);
    for (const { method, of } of gone) {
      if (of.deletedCount > 0)
        await audit.append('FACTOR_REMOVED', { memberId, method, reason: 'NOT_ME' }, session);
    }
    if (lost.deletedCount > 0)
      await audit.append('CONTACT_REMOVED', { memberId, reason: 'NOT_ME' }, session);
  };
}

// Also what came after the report: while they are locked out, nothing that is added is theirs.
const between = ({ since }: LoginLock) => ({ $gte: since });
