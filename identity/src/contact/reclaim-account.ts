import { openEndedLogins } from '@7pay/controls';
import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { ClientSession, Connection } from 'mongoose';
import { loginsEndedEvent } from '../account/logins-ended-event.ts';
import { memberModel } from '../account/member.store.ts';
import type { Audit } from '../audit/audit.store.ts';
import { externalIdModels } from '../external-id/external-id.store.ts';
import { passkeyModels } from '../login/passkey.store.ts';
import { endLinks } from '../not-me/not-me.store.ts';
import { recoveryModel } from '../recovery/recovery.store.ts';
import { resetModels } from '../reset/reset.store.ts';
import { secondFactorModel } from '../second-factor/second-factor.store.ts';
import { contactModel } from './contact.store.ts';
import type { ReclaimAccount } from './verified-mail.ts';

/**
 * Takes an account back for the owner of its address (pre-hijacking: somebody opened it with an address that is not theirs and
 * waited). Password, passkeys, external IDs, second factors, other contacts and what was under way are gone, and every login
 * has ended, in one transaction; wallets hear of it. What the account owns stays, and so does its `sub`. Nothing is void of a
 * member who said “this was not me” and is not back, nor of one who proved the address and took it away since: whoever reads that
 * mail is anybody.
 */
export const reclaimAccount =
  (deps: {
    connection: Connection;
    unitOfWork: UnitOfWork;
    /** Ends the sessions, so that every app of theirs is told. */
    endSessions: (memberId: string) => Promise<number>;
    outbox: Outbox;
    audit: Audit;
    ids: IdSource;
    log: Log;
  }): ReclaimAccount =>
  async ({ memberId, address }, at) => {
    const { connection, unitOfWork, outbox, ids, log } = deps;
    const voidAll = waysOf(connection, deps.audit);
    const isReclaimed = await unitOfWork(async (session) => {
      if (!(await voidAll({ memberId, address, at }, session))) return false;
      const when = at.toISOString();
      await outbox.append(
        session,
        loginsEndedEvent(ids.next('evt'), { memberId, reason: 'RECLAIMED' }, at),
      );
      await outbox.append(session, {
        id: ids.next('evt'),
        name: 'identity.account.reclaimed.v1',
        at: when,
        body: { memberId },
      });
      return true;
    });
    if (!isReclaimed) return false;
    const sessions = await deps.endSessions(memberId);
    log.info('account.reclaimed', { memberId, sessions });
    return true;
  };

function waysOf(connection: Connection, audit: Audit) {
  const members = memberModel(connection);
  const contacts = contactModel(connection);
  const factors = secondFactorModel(connection);
  const { passkeys, ceremonies } = passkeyModels(connection);
  const { externalIds } = externalIdModels(connection);
  const { pending: resets } = resetModels(connection);
  const recoveries = recoveryModel(connection);
  const ends = openEndedLogins(connection);
  const endAllLinks = endLinks(connection);
  return async (
    { memberId, address, at }: { memberId: string; address: string; at: Date },
    session: ClientSession,
  ): Promise<boolean> => {
    const own = { memberId };
    // Asked here, as it may have changed since the code was sent.
    const unproven = { _id: memberId, loginIdProvenAt: null };
    const notLocked = { $or: [{ lock: null }, { 'lock.liftedAt': { $ne: null } }] };
    const before = await members.findOneAndUpdate(
      { ...unproven, ...notLocked },
      {
        $set: { loginsEndedAt: at, wrongTries: 0 },
        $unset: { passwordHash: 1, passwordSetAt: 1, passwordGeneration: 1 },
      },
      { session, lean: true },
    );
    if (!before) return false;
    await ends.tell({ kind: 'MEMBER', memberId }, at, session);
    const keys = await passkeys.deleteMany(own).session(session);
    await ceremonies.deleteMany(own).session(session);
    const linked = await externalIds.deleteMany(own).session(session);
    const apps = await factors.deleteMany({ _id: memberId }).session(session);
    await resets.deleteMany(own).session(session);
    await recoveries.deleteMany(own).session(session);
    await endAllLinks(memberId, at, session);
    const others = { ...own, $nor: [{ channel: 'mail' as const, address }] };
    const lost = await contacts.deleteMany(others).session(session);
    const gone = {
      PASSWORD: before.passwordHash ? 1 : 0,
      PASSKEY: keys.deletedCount,
      EXTERNAL_ID: linked.deletedCount,
      APP: apps.deletedCount,
    };
    for (const [method, count] of Object.entries(gone)) {
      if (count > 0)
        await audit.append('FACTOR_REMOVED', { memberId, method, reason: 'RECLAIMED' }, session);
    }
    if (lost.deletedCount > 0)
      await audit.append('CONTACT_REMOVED', { memberId, reason: 'RECLAIMED' }, session);
    return true;
  };
}
