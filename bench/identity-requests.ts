import { createHash, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { aBrowser, type Browser } from '../identity/src/testing/browser.ts';
import { APP, CALLBACK, mailOf, PASSWORD, TERMINAL } from './identity-sides.ts';

/** An OpenID Provider under measurement, in a process of its own. */
export interface OpenIdSide {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** Of its login page: where the form goes, and what the field of the login ID is called. */
  readonly form: { readonly action: string; readonly loginId: string };
}

/** One thing that is measured; a worker does it again and again. */
export type Act = (serial: number) => Promise<void>;

async function right(response: Response): Promise<Record<string, string>> {
  const body = await response.text();
  if (!response.ok)
    throw new Error(`${response.url} answers ${response.status}: ${body.slice(0, 300)}`);
  return JSON.parse(body) as Record<string, string>;
}
const token = async ({ url }: OpenIdSide, body: Record<string, string>) =>
  right(await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(body) }));

export const read =
  ({ url }: OpenIdSide, path: string): Act =>
  async () =>
    void (await right(await fetch(`${url}${path}`)));

/** A terminal shows its key and gets a token. */
export const clientCredentials =
  (side: OpenIdSide, privateKey: CryptoKey): Act =>
  async () => {
    const claims = { jti: crypto.randomUUID(), iss: TERMINAL, sub: TERMINAL, aud: side.url };
    const signed = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(privateKey);
    await token(side, {
      grant_type: 'client_credentials',
      scope: 'terminal',
      client_id: TERMINAL,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed,
    });
  };

/** The address at which an app asks for a login. */
export function loginAddress({ url }: OpenIdSide, challenge: string): string {
  const asked = new URLSearchParams({
    client_id: APP,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    state: 'state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return `${url}/auth?${asked}`;
}

/** From the app's request to its tokens, by a browser; one that is logged in is not asked anything. */
export async function logIn(side: OpenIdSide, serial: number, browser: Browser) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  let page = await browser.go(loginAddress(side, challenge));
  if (!page.url.startsWith(CALLBACK)) {
    const { action, loginId } = side.form;
    const typed = { [loginId]: mailOf(serial), password: PASSWORD };
    page = await browser.submit(page, action, typed);
  }
  const code = new URL(page.url).searchParams.get('code');
  if (code === null)
    throw new Error(`${side.name} gives no code: ${page.url} ${page.text.slice(0, 300)}`);
  return token(side, {
    grant_type: 'authorization_code',
    client_id: APP,
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
  });
}

export const fullLogin =
  (side: OpenIdSide): Act =>
  async (serial) =>
    void (await logIn(side, serial, aBrowser()));

/** The same request by a browser that is logged in: everything of a login but the page and the password. */
export async function loginInSession(side: OpenIdSide): Promise<Act> {
  const browser = aBrowser();
  await logIn(side, 0, browser);
  return async (serial) => void (await logIn(side, serial, browser));
}

/** Each refresh uses the token of the one before. */
export async function refresh(side: OpenIdSide): Promise<Act> {
  let last = (await logIn(side, 0, aBrowser()))['refresh_token'] ?? '';
  return async () => {
    const body = { grant_type: 'refresh_token', client_id: APP, refresh_token: last };
    last = (await token(side, body))['refresh_token'] ?? last;
  };
}
