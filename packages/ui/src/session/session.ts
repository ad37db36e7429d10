import { type ReadonlySignal, signal } from '@preact/signals';
import * as oauth from 'oauth4webapi';
import { meetsAcr } from './acr.ts';
import {
  authorizationAddress,
  beginLogin,
  type LoginWish,
  logoutAddress,
  type SessionSettings,
} from './authorization.ts';
import { openIssuer } from './issuer.ts';
import { type LoginFault, loginFaultOf } from './login-fault.ts';
import { keepPending, takePending } from './pending-login.ts';
import { type Send, type Sender, sendPlainly } from '../send.ts';
import { openProofKey, type ProofKeyRow } from './proof-key.ts';
import { claimsOf } from './token-claims.ts';
import { isFresh, keep, mayDistrust, readKept, type Tokens } from './tokens.ts';

/** The world around a session, given by `main.tsx`. */
export interface SessionWorld {
  readonly store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly clock: { now(): Date };
  readonly locale: () => string;
  /** Leaves for another page. */
  readonly leave: (address: string) => void;
  /** Where the key of this browser lives, to which its tokens are bound. */
  readonly keys: ProofKeyRow;
  /** Asks 7iD in an unseen frame; used where there is no refresh token. */
  readonly askSilently: (address: URL) => Promise<URL | null>;
}

/** `unreachable`: 7iD did not answer; the person is neither signed in nor signed out. */
export type SessionStatus = 'restoring' | 'signed-in' | 'signed-out' | 'unreachable';

/** The session of one face in one tab. */
export interface Session {
  readonly status: ReadonlySignal<SessionStatus>;
  /** Whose session it is: the id that 7iD gives them here, also while 7iD does not answer. `null`: nobody's. */
  readonly subject: () => string | null;
  /** After a reload: signs in again from what the tab kept, or from the session at 7iD. */
  restore(): Promise<void>;
  /** Leaves for 7iD. Comes back with a fault only when it could not leave. */
  signIn(wish: LoginWish): Promise<LoginFault | null>;
  /** Ends a login at the callback page: where to go on, or what went wrong. */
  finish(answer: URL): Promise<{ returnTo: string } | { fault: LoginFault }>;
  /** Gets ready to send to the graph as the person who is signed in: with a token, and a proof for each request. */
  readonly sender: Sender;
  /** The graph does not take the token: the next request renews it first. */
  distrust(): void;
  /** Revokes, forgets, and ends the session at 7iD too. */
  signOut(): Promise<void>;
}

/** Opens the session of a face: authorization code with PKCE, state and nonce; renewal; logout. */
export function openSession(settings: SessionSettings, world: SessionWorld): Session {
  const client: oauth.Client = { client_id: settings.clientId };
  const key = openProofKey(client, world.keys);
  const issuer = openIssuer(settings, { client, key });
  const status = signal<SessionStatus>('restoring');
  let tokens: Tokens | null = null;
  let renewing: Promise<void> | null = null;

  const take = (answer: oauth.TokenEndpointResponse) => {
    const takenAt = world.clock.now().getTime();
    key.noteClock(answer.access_token, new Date(takenAt));
    tokens = {
      access: answer.access_token,
      takenAt,
      expiresAt: takenAt + (answer.expires_in ?? 60) * 1000,
      refresh: answer.refresh_token ?? tokens?.refresh ?? null,
      id: answer.id_token ?? tokens?.id ?? null,
    };
    keep(world.store, tokens);
    status.value = 'signed-in';
  };
  const forget = () => {
    tokens = null;
    keep(world.store, null);
    status.value = 'signed-out';
  };

  const leaveFor = async (wish: LoginWish) => {
    const server = await issuer.discover();
    const login = beginLogin(wish, settings.home, world.clock.now());
    keepPending(world.store, login);
    const request = { login, wish, locale: world.locale() };
    return issuer.push(await authorizationAddress(server, settings, request));
  };
  const finish: Session['finish'] = async (answer) => {
    const login = takePending(world.store, answer.searchParams.get('state'), world.clock.now());
    if (!login) return { fault: 'LOGIN_NOT_OURS' };
    try {
      const granted = await issuer.redeem(answer, login);
      const acr = oauth.getValidatedIdTokenClaims(granted)?.['acr'];
      if (!meetsAcr(acr, login.acr)) return { fault: 'LOGIN_TOO_WEAK' };
      take(granted);
      return { returnTo: login.returnTo };
    } catch (cause) {
      return { fault: loginFaultOf(cause) };
    }
  };

  const renewInFrame = async () => {
    const answer = await world.askSilently(
      await leaveFor({ returnTo: settings.home, silent: true }),
    );
    if (!answer || 'fault' in (await finish(answer))) forget();
  };
  const renew = async () => {
    try {
      if (tokens?.refresh) take(await issuer.refresh(tokens.refresh));
      else await renewInFrame();
    } catch (cause) {
      // What 7iD refuses is over; a network that is down is not a logout.
      if (loginFaultOf(cause) === 'ISSUER_UNREACHABLE') status.value = 'unreachable';
      else forget();
    }
  };
  const renewOnce = () => (renewing ??= renew().finally(() => (renewing = null)));

  return {
    status,
    subject() {
      const subject = tokens?.id && claimsOf(tokens.id)?.['sub'];
      return typeof subject === 'string' ? subject : null;
    },
    finish,
    async restore() {
      const kept = readKept(world.store);
      if (kept) tokens = { access: '', takenAt: 0, expiresAt: 0, ...kept };
      if (kept || settings.restore === 'from-7iD') await renewOnce();
      else forget();
    },
    async signIn(wish) {
      try {
        world.leave((await leaveFor(wish)).href);
        return null;
      } catch (cause) {
        return loginFaultOf(cause);
      }
    },
    async sender() {
      if (tokens && !isFresh(tokens, world.clock.now())) await renewOnce();
      if (!isFresh(tokens, world.clock.now())) return sendPlainly;
      return sendProven(settings, { token: tokens.access, proof: await key.handle() });
    },
    distrust() {
      if (tokens && mayDistrust(tokens, world.clock.now())) tokens = { ...tokens, expiresAt: 0 };
    },
    async signOut() {
      const last = tokens;
      forget();
      const server = await issuer.discover().catch(() => null);
      // Best effort: the session at 7iD ends right after, with or without this.
      if (last?.refresh) await issuer.revoke(last.refresh).catch(() => undefined);
      const address = server && logoutAddress(server, settings, last?.id ?? null);
      world.leave(address?.href ?? settings.afterLogout);
    },
  };
}

/** Sends with a token that is bound to the key of this browser: no other browser can use it. */
const sendProven =
  (
    { redirectUri }: SessionSettings,
    { token, proof }: { token: string; proof: oauth.DPoPHandle },
  ): Send =>
  async (address, request) => {
    const { method, headers, body, signal } = request;
    const url = new URL(address, redirectUri);
    try {
      return await oauth.protectedResourceRequest(token, method, url, new Headers(headers), body, {
        DPoP: proof,
        ...(signal ? { signal } : {}),
        [oauth.allowInsecureRequests]: url.protocol === 'http:',
        [oauth.customFetch]: (to, made) => fetch(to, { ...request, headers: made.headers }),
      });
    } catch (error) {
      // A refusal is an answer: whoever asked reads its body.
      if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response;
      throw error;
    }
  };
