import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ExternalPerson, peoplePage } from './people-page.ts';

/** What the next answer of an OAuth 2.0 provider does wrong. */
export type OAuth2Fault = 'no-subject' | 'not-json' | 'refused';

/**
 * A provider that speaks OAuth 2.0 and no OpenID Connect, as some of 2019 did: a code, PKCE, a secret, and an address that tells
 * whose a token is. `/authorize`, `/token`, `/me`.
 */
export function createOAuth2Provider(options: {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly people: readonly ExternalPerson[];
  readonly faults?: () => OAuth2Fault | null;
}): RequestListener {
  const { name, clientId, clientSecret, redirectUri, people, faults = () => null } = options;
  const codes = new Map<string, { sub: string; challenge: string }>();
  const tokens = new Map<string, string>();

  const authorize = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const { searchParams } = url;
    const challenge = searchParams.get('code_challenge') ?? '';
    const fits =
      searchParams.get('client_id') === clientId &&
      searchParams.get('redirect_uri') === redirectUri &&
      searchParams.get('code_challenge_method') === 'S256';
    if (!fits) return send(response, 400, { error: 'invalid_request' });
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/html');
      return response.end(peoplePage(name, `/authorize?${searchParams}`, people));
    }
    const sub = (await bodyOf(request)).get('person') ?? '';
    const back = new URL(redirectUri);
    back.searchParams.set('state', searchParams.get('state') ?? '');
    if (people.some((person) => person.sub === sub)) {
      const code = randomBytes(24).toString('base64url');
      codes.set(code, { sub, challenge });
      back.searchParams.set('code', code);
    } else back.searchParams.set('error', 'access_denied');
    return response.writeHead(303, { location: back.href }).end();
  };

  const token = async (request: IncomingMessage, response: ServerResponse) => {
    if (!same(basicOf(request), `${clientId}:${clientSecret}`)) {
      return send(response, 401, { error: 'invalid_client' });
    }
    const body = await bodyOf(request);
    const code = body.get('code') ?? '';
    const given = codes.get(code);
    codes.delete(code);
    const verifier = body.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (!given || given.challenge !== challenge) {
      return send(response, 400, { error: 'invalid_grant' });
    }
    const accessToken = randomBytes(24).toString('base64url');
    tokens.set(accessToken, given.sub);
    return send(response, 200, {
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: 600,
    });
  };

  const me = (request: IncomingMessage, response: ServerResponse) => {
    const sub = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /i, ''));
    const person = people.find((one) => one.sub === sub);
    const fault = faults();
    if (!person || fault === 'refused') return send(response, 401, { error: 'invalid_token' });
    if (fault === 'not-json') return response.end('<html>busy</html>');
    const { name: display } = person;
    return send(response, 200, fault === 'no-subject' ? { display } : { id: person.sub, display });
  };

  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const work =
      url.pathname === '/authorize'
        ? authorize(request, response, url)
        : url.pathname === '/token'
          ? token(request, response)
          : url.pathname === '/me'
            ? me(request, response)
            : send(response, 404, { error: 'not_found' });
    void Promise.resolve(work);
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

// Both halves are form-encoded first (RFC 6749 §2.3.1).
function basicOf({ headers }: IncomingMessage): string {
  const text = (headers.authorization ?? '').replace(/^Basic /i, '');
  const halves = Buffer.from(text, 'base64').toString('utf8').split(':');
  return halves.map((half) => new URLSearchParams(`x=${half}`).get('x')).join(':');
}

const same = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > 8_192) return new URLSearchParams();
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
