import * as oauth from 'oauth4webapi';
import { type PendingLogin, safeReturn } from './pending-login.ts';

/** Who a face is to 7iD. */
export interface SessionSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** The graph's audience (RFC 8707). */
  readonly resource: string;
  readonly redirectUri: string;
  readonly afterLogout: string;
  /** The path of the face, `/wallet/`: nobody is sent outside of it after a login. */
  readonly home: string;
  /** Whether a fresh tab asks 7iD, unseen, if the person is signed in there; else it waits for a tap. */
  readonly restore: 'from-7iD' | 'from-tab';
}

/** What a login asks for. `acr` asks for a stronger proof (step-up), `anew` for a login made now; `silent` shows no page at all. */
export interface LoginWish {
  readonly returnTo: string;
  readonly acr?: string;
  readonly anew?: true;
  readonly silent?: true;
}

/** The proofs of a login that starts now. */
export function beginLogin(wish: LoginWish, home: string, now: Date): PendingLogin {
  return {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    returnTo: safeReturn(wish.returnTo, home),
    acr: wish.acr ?? null,
    startedAt: now.getTime(),
  };
}

/** The address at 7iD that a login leaves for: code flow, PKCE S256, state and nonce. */
export async function authorizationAddress(
  server: oauth.AuthorizationServer,
  settings: SessionSettings,
  request: { login: PendingLogin; wish: LoginWish; locale: string },
): Promise<URL> {
  const { login, wish, locale } = request;
  const address = new URL(server.authorization_endpoint ?? '');
  const parameters: Record<string, string> = {
    client_id: settings.clientId,
    redirect_uri: settings.redirectUri,
    response_type: 'code',
    scope: settings.scope,
    resource: settings.resource,
    state: login.state,
    nonce: login.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(login.verifier),
    code_challenge_method: 'S256',
    ui_locales: locale,
    ...(wish.acr ? { acr_values: wish.acr } : {}),
    ...(wish.anew ? { prompt: 'login' } : {}),
    ...(wish.silent ? { prompt: 'none' } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address;
}

/** The address that ends the session at 7iD (RP-initiated logout); `null` when 7iD has none. */
export function logoutAddress(
  server: oauth.AuthorizationServer,
  settings: SessionSettings,
  idToken: string | null,
): URL | null {
  if (!server.end_session_endpoint) return null;
  const address = new URL(server.end_session_endpoint);
  address.searchParams.set('client_id', settings.clientId);
  address.searchParams.set('post_logout_redirect_uri', settings.afterLogout);
  if (idToken) address.searchParams.set('id_token_hint', idToken);
  return address;
}
