/**
 * An issuer for tests of the session: discovery, token, revocation and logout as answers to `fetch`. It
 * signs nothing: with the code flow the id token comes straight from the token endpoint.
 */
export function fakeIssuer(issuer: string) {
  const requests: { path: string; body: URLSearchParams; headers: Headers }[] = [];
  const settings = {
    acr: 'urn:7id:acr:1',
    refuse: null as string | null,
    down: false,
    nonce: '',
    lifeSeconds: 300,
    /** Seconds since 1970 at which access tokens say that they were issued; null for tokens that say nothing. */
    issuedAt: null as number | null,
    graphRefuses: false,
  };
  let turn = 0;
  const json = (value: unknown, status = 200) =>
    new Response(JSON.stringify(value), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const idToken = (clientId: string, nonce: string) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: 'mem_1', aud: clientId, iat: now, exp: now + 300 };
    const signed = part({ ...claims, acr: settings.acr, ...(nonce ? { nonce } : {}) });
    return `${part({ alg: 'RS256' })}.${signed}.${part({})}`;
  };

  const answer: typeof fetch = async (target, options) => {
    if (settings.down) throw new TypeError('down');
    const url = new URL(target instanceof Request ? target.url : target, 'http://localhost:4000');
    const body = new URLSearchParams(options?.body instanceof URLSearchParams ? options.body : '');
    const headers = new Headers(options?.headers);
    requests.push({ path: url.pathname, body, headers });
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          revocation_endpoint: `${issuer}/revoke`,
          end_session_endpoint: `${issuer}/end`,
        });
      case '/token': {
        if (settings.refuse) return json({ error: settings.refuse }, 400);
        turn += 1;
        return json({
          access_token:
            settings.issuedAt === null
              ? `access-${turn}`
              : `e30.${part({ iat: settings.issuedAt })}.${turn}`,
          token_type: headers.has('dpop') ? 'DPoP' : 'Bearer',
          expires_in: settings.lifeSeconds,
          ...(body.get('grant_type') === 'client_credentials'
            ? {}
            : {
                refresh_token: `refresh-${turn}`,
                id_token: idToken(
                  body.get('client_id') ?? '',
                  body.get('grant_type') === 'authorization_code' ? settings.nonce : '',
                ),
              }),
        });
      }
      case '/graphql':
        if (!settings.graphRefuses) return json({ data: {} });
        return new Response('{"errors":[]}', {
          status: 401,
          headers: { 'www-authenticate': 'DPoP error="invalid_token"' },
        });
      case '/revoke':
        return new Response(null, { status: 200 });
      default:
        return new Response(null, { status: 404 });
    }
  };
  const asked = (path: string) => requests.filter((request) => request.path === path);
  return { answer, settings, asked };
}
