import type { Log } from '@7pay/telemetry';
import type { Provider } from 'oidc-provider';
import type { Audit } from '../audit/audit.store.ts';
import { GRANTABLE } from '../storage/artifact.store.ts';
import type { SessionStore } from '../storage/session.store.ts';
import type { TellClients } from './tell-clients.ts';

interface EndDeps {
  readonly provider: () => Provider;
  readonly sessions: SessionStore;
  readonly tell: TellClients;
  readonly audit: Audit;
  readonly log: Log;
}

interface Authorization {
  readonly sid?: string;
  readonly grantId?: string;
}

/** Sessions of one member that are looked up at once, and how often: ten thousand, and whoever asks again goes on. */
export const ENDED_AT_ONCE = 100;
const ROUNDS_MAX = 100;

/**
 * Ends one session for somebody else than its owner: an administrator, a rule. Every client of it that wants to
 * know is told (the notices are kept before the session goes, so a crash in between tells too often, never too
 * little), what rested on the session is revoked, also what the member let outlive a logout of their own, and the
 * cookie is good for nothing.
 * @returns whether there was such a session
 */
export const endSession =
  ({ provider, sessions, tell, audit, log }: EndDeps) =>
  async (uid: string): Promise<boolean> => {
    const op = provider();
    const session = await op.Session.findByUid(uid);
    if (!session) return false;
    const { accountId } = session;
    // Before the session goes: after a crash in between it is asked for again.
    const whose = accountId === undefined ? {} : { memberId: accountId };
    await audit.append('SESSION_ENDED', { ...whose, reason: 'ENDED' });
    const authorizations = (session.authorizations ?? {}) as Record<string, Authorization>;
    await tell({ accountId, authorizations }, 'EVERY');
    const given = Object.values(authorizations);
    for (const { grantId } of given) {
      if (grantId === undefined) continue;
      for (const name of GRANTABLE) await op[name].revokeByGrantId(grantId);
      await op.Grant.adapter.destroy(grantId);
    }
    await sessions.end(uid);
    log.info('session.ended', { clients: given.length });
    return true;
  };

/** Ends every session of a member, however many. Returns how many there were. */
export const endSessionsOf =
  (deps: EndDeps) =>
  async (memberId: string): Promise<number> => {
    const end = endSession(deps);
    return endUntilNone(() => deps.sessions.ofMember(memberId, ENDED_AT_ONCE), end);
  };

/** Ends what is found until nothing is, or nothing of it can be ended. Returns how many were. */
export async function endUntilNone(
  find: () => Promise<readonly string[]>,
  end: (uid: string) => Promise<boolean>,
): Promise<number> {
  let ended = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = ended;
    for (const uid of await find()) {
      if (await end(uid)) ended += 1;
    }
    if (ended === before) break;
  }
  return ended;
}
