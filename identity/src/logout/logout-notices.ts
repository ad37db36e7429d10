import { Provider } from 'oidc-provider';
import type { ClientStore } from '../client/client.store.ts';
import { ClientStopped, type Notice } from '../outgoing/notice.ts';
import type { NoticeStore } from '../outgoing/notice.store.ts';
import type { Letter } from '../outgoing/deliver-notices.worker.ts';

interface LibraryClient {
  readonly clientId: string;
  readonly backchannelLogoutUri?: string;
  readonly backchannelLogoutSessionRequired?: boolean;
  readonly backchannelClientNotificationEndpoint?: string;
  backchannelLogout(sub: string, sid: string): Promise<void>;
  backchannelPing(request: BackchannelRequest): Promise<void>;
}
interface BackchannelRequest {
  readonly jti: string;
  readonly params: { readonly client_notification_token?: string };
}

// The library makes an event of what it could not tell, and goes on logging out.
const untold = new WeakMap<object, unknown>();

/** Whether every client has been told, or will be, of the logout that is under way. @throws why one will not */
export function assertTold(): void {
  const { ctx } = Provider;
  if (ctx && untold.has(ctx)) throw untold.get(ctx);
}

/**
 * Puts logout tokens and pings into the outbox, where the library sends each once and forgets it. The class belongs
 * to this one provider.
 */
export function keepNotices(provider: Provider, notices: NoticeStore): void {
  const prototype = provider.Client.prototype as unknown as LibraryClient;
  prototype.backchannelLogout = async function keepLogout(this: LibraryClient, sub, sid) {
    const { clientId, backchannelLogoutUri: uri } = this;
    if (uri === undefined) return;
    const notice = { kind: 'logout', clientId, uri, facts: { sub, sid: sid ?? '' } } as const;
    await notices.add(notice).catch((cause: unknown) => {
      const { ctx } = Provider;
      if (ctx) untold.set(ctx, cause);
      throw cause;
    });
  };
  prototype.backchannelPing = async function keepPing(this: LibraryClient, request) {
    const { clientId, backchannelClientNotificationEndpoint: uri } = this;
    const token = request.params.client_notification_token;
    if (uri === undefined || token === undefined) return;
    await notices.add({ kind: 'ping', clientId, uri, facts: { token, id: request.jti } });
  };
}

interface LogoutToken {
  mask: unknown;
  set(name: string, value: unknown): void;
  issue(use: { use: 'logout' }): Promise<string>;
}

/**
 * Writes a notice out: a logout token (OIDC Back-Channel Logout §2.4), or a ping (CIBA §10.2).
 * @throws ClientStopped while there is a client that may not act
 */
export const writeNotice =
  (provider: () => Provider, clients: Pick<ClientStore, 'kept'>) =>
  async (notice: Notice): Promise<Letter | 'NOBODY_TO_TELL'> => {
    const { kind, id, facts, clientId } = notice;
    const op = provider();
    if (kind === 'ping') {
      return {
        headers: {
          authorization: `Bearer ${facts['token']}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ auth_req_id: facts['id'] }),
      };
    }
    const client = await op.Client.find(clientId);
    if (!client) {
      if (await clients.kept(clientId)) throw new ClientStopped();
      return 'NOBODY_TO_TELL';
    }
    // As the library's own client.backchannelLogout does; its types leave the class out.
    const IdToken = op.IdToken as unknown as new (claims: object, context: object) => LogoutToken;
    const token = new IdToken({ sub: facts['sub'] }, { client, ctx: undefined });
    token.mask = { sub: null };
    token.set('events', { 'http://schemas.openid.net/event/backchannel-logout': {} });
    // The same at every try: a client that hears it twice knows it for one (§2.6, 8).
    token.set('jti', id);
    if (facts['sid']) token.set('sid', facts['sid']);
    return {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: await token.issue({ use: 'logout' }) }).toString(),
    };
  };
