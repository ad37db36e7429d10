import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import { type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { loginsEndedEvent } from '../account/logins-ended-event.ts';
import type { Audit } from '../audit/audit.store.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { LoginRecordStore } from '../gate/login-record.store.ts';
import type { IdentityAdmin } from '../identity-admin.ts';
import { ENDED_AT_ONCE, endUntilNone } from '../logout/end-session.ts';
import type { SessionStore } from '../storage/session.store.ts';
import {
  type MemberSession,
  memberSession,
  type SessionRefusal,
  sessionIdOf,
} from './member-session.ts';
import type { SessionEndingStore } from './session-ending.store.ts';

/** More than anybody has: so many are shown. Ending goes on until none is left. */
export const SESSIONS_MAX = 100;
/** Among so many of the newest one that was shown is found again, whatever has come since. */
const LOOKED_AT_MAX = 1_000;

type Ended = { readonly count: number };

/** The sessions of members: shown, and ended by whoever they belong to or by an operator. */
export interface MemberSessions {
  /** Those that go on, the newest login first; the current one is among them however old it is. */
  list(memberId: string, currentUid: string | undefined): Promise<MemberSession[]>;
  end(
    of: { memberId: string; currentUid: string | undefined },
    id: string,
  ): Promise<{ id: string } | Refused<SessionRefusal>>;
  endOthers(
    memberId: string,
    currentUid: string | undefined,
  ): Promise<Ended | Refused<SessionRefusal>>;
  /** Every login of the member ends, written with the reason before any session goes. */
  endAll(order: {
    memberId: string;
    actor: string;
    reason: string;
  }): Promise<Ended | Refused<SessionRefusal>>;
}

export function memberSessions(deps: {
  sessions: Pick<SessionStore, 'keptOf'>;
  logins: Pick<LoginRecordStore, 'find'>;
  members: Pick<MemberStore, 'find' | 'endLogins'>;
  endings: SessionEndingStore;
  admin: Pick<IdentityAdmin, 'endSession' | 'endSessionsOf'>;
  unitOfWork: UnitOfWork;
  audit: Audit;
  outbox: Outbox;
  clock: Clock;
  ids: IdSource;
}): MemberSessions {
  const { sessions, logins, members, endings, admin, audit, outbox, clock, ids } = deps;
  const kept = async (memberId: string, among: { limit: number; uid?: string }) =>
    sessions.keptOf(memberId, {
      ...among,
      endedAt: (await members.find(memberId))?.loginsEndedAt,
    });
  /** By its uid: it may be older than all that are looked up at once. */
  const current = async (memberId: string, uid: string | undefined) =>
    uid === undefined ? [] : kept(memberId, { limit: 1, uid });
  const withCurrent = async (memberId: string, currentUid: string | undefined, limit: number) => {
    const newest = await kept(memberId, { limit });
    const isThere = newest.some(({ uid }) => uid === currentUid);
    return isThere ? newest : [...newest, ...(await current(memberId, currentUid))];
  };
  return {
    list: async (memberId, currentUid) => {
      const all = await withCurrent(memberId, currentUid, SESSIONS_MAX);
      const shown = await Promise.all(
        all.map(async (session) => {
          const { uid: sessionUid, atSeconds } = session;
          return memberSession(session, await logins.find({ sessionUid, atSeconds }), currentUid);
        }),
      );
      return shown.toSorted((a, b) => b.loggedInAt.getTime() - a.loggedInAt.getTime());
    },
    end: async ({ memberId, currentUid }, id) => {
      // Only among the member's own: somebody else's id is as good as none.
      const own = await withCurrent(memberId, currentUid, LOOKED_AT_MAX);
      const found = own.find(({ uid }) => sessionIdOf(uid) === id);
      const ended = found !== undefined && (await admin.endSession(found.uid));
      return ended ? { id } : refuse('SESSION_NOT_FOUND');
    },
    endOthers: async (memberId, currentUid) => {
      // Whoever cannot be told from the others would end their own.
      const [own] = await current(memberId, currentUid);
      if (!own) return refuse('CURRENT_SESSION_UNKNOWN');
      const others = async () => {
        const found = await kept(memberId, { limit: ENDED_AT_ONCE });
        return found.map(({ uid }) => uid).filter((uid) => uid !== own.uid);
      };
      return { count: await endUntilNone(others, admin.endSession) };
    },
    endAll: async ({ memberId, actor, reason }) => {
      const known = await deps.unitOfWork(async (session) => {
        const at = clock.now();
        if (!(await members.endLogins(memberId, at, session))) return false;
        await endings.append({ memberId, actor, reason, at }, session);
        await outbox.append(
          session,
          loginsEndedEvent(ids.next('evt'), { memberId, reason: 'ENDED_BY_OPERATOR' }, at),
        );
        const why = { reason: 'ENDED_BY_OPERATOR', note: reason };
        await audit.append('LOGINS_ENDED', { memberId, actor, ...why }, session);
        return true;
      });
      if (!known) return refuse('MEMBER_NOT_FOUND');
      // From here on no session of theirs holds; this tells the apps. Asked again, it goes on where it stopped.
      return { count: await admin.endSessionsOf(memberId) };
    },
  };
}
