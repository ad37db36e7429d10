import type { ClientStore } from '../client/client.store.ts';
import type { NoticeStore } from '../outgoing/notice.store.ts';

/** What of a session its clients are told about. */
export interface ToldSession {
  readonly accountId?: string | undefined;
  /** By client id. */
  readonly authorizations?: Readonly<Record<string, { readonly sid?: string }>> | undefined;
}

/** `STOPPED`: those alone that may not act now, which the library passes over. */
export type Told = 'EVERY' | 'STOPPED';

export type TellClients = (session: ToldSession, told: Told) => Promise<void>;

/**
 * Has every client of a session told that it ends, if it wants to know. One that is suspended is told when it is let in again: its
 * members are still logged in there.
 */
export const tellClients =
  (deps: {
    clients: Pick<ClientStore, 'find' | 'kept'>;
    notices: Pick<NoticeStore, 'add'>;
  }): TellClients =>
  async ({ accountId: sub, authorizations = {} }, told) => {
    if (sub === undefined) return;
    for (const [clientId, { sid = '' }] of Object.entries(authorizations)) {
      const acting = await deps.clients.find(clientId);
      if (acting && told === 'STOPPED') continue;
      const client = acting ?? (await deps.clients.kept(clientId))?.client;
      const uri = client?.backchannel_logout_uri;
      if (uri === undefined) continue;
      await deps.notices.add({ kind: 'logout', clientId, uri, facts: { sub, sid } });
    }
  };
