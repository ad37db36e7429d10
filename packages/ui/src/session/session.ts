import { type ReadonlySignal, signal } from '@preact/signals';
import { getValidatedIdTokenClaims, type TokenEndpointResponse } from 'oauth4webapi';
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
import { isFresh, keep, mayDistrust, readKept, type Tokens } from './tokens.ts';

/** The world around a session, given by `main.tsx`. */
export interface SessionWorld {
  readonly store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly clock: { now(): Date };
  readonly locale: () => string;
  /** Leaves for another page. */
  readonly leave: (address: string) => void;
  /** Asks 7iD in an unseen frame; used where there is no refresh token. */
  readonly askSilently: (address: URL) => Promise<URL | null>;
}

/** `unreachable`: 7iD did not answer; the person is neither signed in nor signed out. */
export type SessionStatus = 'restoring' | 'signed-in' | 'signed-out' | 'unreachable';

/** The session of one face in one tab. */
export interface Session {
  readonly status: ReadonlySignal<SessionStatus>;
  /** After a reload: signs in again from what the tab kept, or from the session at 7iD. */
  restore(): Promise<void>;
  /** Leaves for 7iD. Comes back with a fault only when it could not leave. */
  signIn(wish: LoginWish): Promise<LoginFault | null>;
  /** Ends a login at the callback page: where to go on, or what went wrong. */
  finish(answer: URL): Promise<{ returnTo: string } | { fault: LoginFault }>;
  /** An access token that is good for a request; `null` when nobody is signed in. */
  token(): Promise<string | null>;
  /** The graph does not take the token: the next request renews it first. */
  distrust(): void;
  /** Revokes, forgets, and ends the session at 7iD too. */
  signOut(): Promise<void>;
}

/** Opens the session of a face: authorization code with PKCE, state and nonce; renewal; logout. */
export function openSession(settings: SessionSettings, world: SessionWorld): Session {
  const issuer = openIssuer(settings);
  const status = signal<SessionStatus>('restoring');
  let tokens: Tokens | null = null;
  let renewing: Promise<void> | null = null;

  const take = (answer: TokenEndpointResponse) => {
    const takenAt = world.clock.now().getTime();
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
      const acr = getValidatedIdTokenClaims(granted)?.['acr'];
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
    async token() {
      if (tokens && !isFresh(tokens, world.clock.now())) await renewOnce();
      return isFresh(tokens, world.clock.now()) ? tokens.access : null;
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
