// A partner's web app: people log in with 7iD, and it greets them by name. See README.md beside this file.
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import * as oidc from 'openid-client';

const env = process.env;
const secret = env['CLIENT_SECRET'];
if (!secret) throw new Error('CLIENT_SECRET: the secret that 7iD knows for this app');
const issuer = new URL(env['ISSUER'] ?? 'http://localhost:4001');
const own = new URL(env['OWN_URL'] ?? 'http://localhost:4100');
const redirectUri = new URL('/callback', own).href; // registered with 7iD, character by character

const http = issuer.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {};
const sevenId = await oidc.discovery(
  issuer,
  env['CLIENT_ID'] ?? 'partner-recipes',
  undefined,
  oidc.ClientSecretBasic(secret),
  http,
);

/** What one browser is about: a login that was begun, or the person who is logged in. */
interface Visit {
  readonly begun?: { readonly state: string; readonly nonce: string; readonly verifier: string };
  readonly person?: { readonly sub: string; readonly name: string };
}
const visits = new Map<string, Visit>(); // an app of yours keeps these in its session store
const VISITS_MAX = 1_000;

/** Remembers a visit under a new cookie, so that nobody can have planted it before the login. */
function remember(response: ServerResponse, visit: Visit): void {
  const [oldest] = visits.keys();
  if (visits.size >= VISITS_MAX && oldest !== undefined) visits.delete(oldest);
  const id = randomUUID();
  visits.set(id, visit);
  const secure = own.protocol === 'https:' ? '; Secure' : '';
  response.setHeader('set-cookie', `visit=${id}; Path=/; HttpOnly; SameSite=Lax${secure}`);
}

async function begin(response: ServerResponse): Promise<void> {
  const begun = {
    state: oidc.randomState(), // the answer belongs to this browser
    nonce: oidc.randomNonce(), // the ID token belongs to this login
    verifier: oidc.randomPKCECodeVerifier(), // the code is worth nothing without it
  };
  const ask = {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  };
  const pushes = sevenId.serverMetadata().pushed_authorization_request_endpoint !== undefined;
  const url = pushes
    ? await oidc.buildAuthorizationUrlWithPAR(sevenId, ask)
    : oidc.buildAuthorizationUrl(sevenId, ask);
  remember(response, { begun });
  response.writeHead(303, { location: url.href }).end();
}

async function finish(url: URL, response: ServerResponse, { begun }: Visit): Promise<void> {
  if (!begun) return page(response, 400, 'This login was not begun here.');
  const tokens = await oidc.authorizationCodeGrant(sevenId, url, {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  });
  const sub = tokens.claims()?.sub ?? '';
  const { name } = await oidc.fetchUserInfo(sevenId, tokens.access_token, sub);
  remember(response, { person: { sub, name: name ?? '' } });
  response.writeHead(303, { location: '/' }).end();
}

const plain = (text: string): string => text.replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function page(response: ServerResponse, status: number, text: string): void {
  const link = '<a href="/login">Log in with 7iD</a>';
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>Recipe notes</title><p>${plain(text)}</p><p>${link}</p>`);
}

createServer((request, response) => {
  const url = new URL(request.url ?? '/', own);
  const id = /(?:^|; )visit=([\w-]{36})/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const visit = visits.get(id) ?? {};
  const answer = async (): Promise<void> => {
    if (url.pathname === '/login') return begin(response);
    if (url.pathname === '/callback') {
      visits.delete(id); // an answer is taken once
      return finish(url, response, visit);
    }
    const { person } = visit;
    page(response, 200, person ? `Hello ${person.name}. For us you are ${person.sub}.` : 'Hello.');
  };
  answer().catch((error: Error) => {
    process.stderr.write(`${error.name}\n`); // never the address or the message: they may carry the code
    page(response, 400, 'The login could not be finished.');
  });
}).listen(Number(own.port), () => process.stdout.write(`listening at ${own.origin}\n`));
