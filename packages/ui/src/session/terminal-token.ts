import * as oauth from 'oauth4webapi';

/** 7iD does not give this terminal a token: it does not know it, or no longer. */
export class TerminalRefused extends Error {
  constructor(code: string) {
    super(`7iD refuses the terminal: ${code}`);
    this.name = 'TerminalRefused';
  }
}

/**
 * Asks 7iD for a token of a terminal by client credentials. The terminal proves itself with an assertion
 * that its key signs (private_key_jwt, RFC 7523; its audience is the issuer), so nothing secret is sent.
 * Gives the token and the seconds it lives.
 * @throws TerminalRefused; TypeError or DOMException when 7iD does not answer within 10 s.
 */
export async function requestTerminalToken(terminal: {
  issuer: string;
  resource: string;
  clientId: string;
  key: CryptoKey;
}): Promise<{ text: string; seconds: number }> {
  const issuer = new URL(terminal.issuer);
  const client: oauth.Client = { client_id: terminal.clientId };
  // Plain http only where the settings themselves say so: on a developer's own machine.
  const http = {
    [oauth.allowInsecureRequests]: issuer.protocol === 'http:',
    signal: AbortSignal.timeout(10_000),
  };
  const discovery = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http });
  const server = await oauth.processDiscoveryResponse(issuer, discovery);
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.PrivateKeyJwt(terminal.key),
    { scope: 'terminal', resource: terminal.resource },
    http,
  );
  try {
    const answer = await oauth.processClientCredentialsResponse(server, client, response);
    return { text: answer.access_token, seconds: answer.expires_in ?? 60 };
  } catch (cause) {
    if (cause instanceof oauth.ResponseBodyError) throw new TerminalRefused(cause.error);
    if (cause instanceof oauth.WWWAuthenticateChallengeError)
      throw new TerminalRefused('challenge');
    throw cause;
  }
}
