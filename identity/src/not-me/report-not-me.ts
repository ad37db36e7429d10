import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { loginsEndedEvent } from '../account/logins-ended-event.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { IdentityAdmin } from '../identity-admin.ts';
import type { RecoveryStore } from '../recovery/recovery.store.ts';
import type { ResetStore } from '../reset/reset.store.ts';
import { lockedBy } from './not-me.ts';
import type { NotMeStore } from './not-me.store.ts';

/**
 * A member says of a notice that it was not them. In one commit every login ends, no other is let in, whatever is open to set a
 * password is revoked, and the wallet is told to freeze; then the apps are told. Null: the token was used, is over or never was.
 */
export type ReportNotMe = (token: string) => Promise<{ reference: string; at: Date } | null>;

export const reportNotMe =
  (deps: {
    tokens: NotMeStore;
    members: Pick<MemberStore, 'lock'>;
    recoveries: Pick<RecoveryStore, 'revoke'>;
    resets: Pick<ResetStore, 'revoke'>;
    admin: Pick<IdentityAdmin, 'endSessionsOf'>;
    unitOfWork: UnitOfWork;
    outbox: Outbox;
    clock: Clock;
    ids: IdSource;
    log: Log;
  }): ReportNotMe =>
  async (token) => {
    const { tokens, members, recoveries, resets, admin, outbox, clock, ids, log } = deps;
    const at = clock.now();
    const reference = ids.next('evt');
    const notMe = await deps.unitOfWork(async (session) => {
      const said = await tokens.take(token, at, session);
      if (!said) return null;
      const { memberId, kind, since } = said;
      const lock = lockedBy(said, await tokens.recoveriesOf(memberId, at, session));
      await members.lock(memberId, { at, ...lock }, session);
      await recoveries.revoke(memberId, session);
      await resets.revoke(memberId, session);
      await outbox.append(
        session,
        loginsEndedEvent(ids.next('evt'), { memberId, reason: 'NOT_ME' }, at),
      );
      await outbox.append(session, {
        id: reference,
        name: 'identity.not-me.reported.v1',
        at: at.toISOString(),
        body: { memberId, kind, happenedAt: since.toISOString(), reportedAt: at.toISOString() },
      });
      return said;
    });
    if (!notMe) return null;
    const { memberId, kind } = notMe;
    log.warn('not_me.reported', { memberId, kind });
    // Nothing holds any more; this tells the apps, and need not hold the answer up.
    await admin
      .endSessionsOf(memberId)
      .catch((error: unknown) => log.error('not_me.sessions_left', { memberId, cause: error }));
    return { reference, at };
  };
