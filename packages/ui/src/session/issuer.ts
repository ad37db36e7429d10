import * as oauth from 'oauth4webapi';
import type { ProofKey } from './proof-key.ts';

/** The token endpoint of 7iD as a public client sees it. Every call gives up after 10 s. */
export interface Issuer {
  discover(): Promise<oauth.AuthorizationServer>;
  /** Hands a request in by the back channel (RFC 9126), where the issuer takes it; the address that is left of it. */
  push(address: URL): Promise<URL>;
  redeem(
    answer: URL,
    login: { state: string; nonce: string; verifier: string },
  ): Promise<oauth.TokenEndpointResponse>;
  refresh(token: string): Promise<oauth.TokenEndpointResponse>;
  revoke(token: string): Promise<void>;
}

/** Speaks to 7iD for one public client, whose codes and tokens are bound to a key. What it throws, `loginFaultOf` reads. */
export function openIssuer(
  settings: { issuer: string; clientId: string; redirectUri: string; resource: string },
  { client, key }: { client: oauth.Client; key: ProofKey },
): Issuer {
  const address = new URL(settings.issuer);
  const additionalParameters = { resource: settings.resource };
  // Plain http only where the settings themselves say so: on a developer's own machine.
  const http = () => ({
    [oauth.allowInsecureRequests]: address.protocol === 'http:',
    signal: AbortSignal.timeout(10_000),
  });
  const proven = async () => ({ DPoP: await key.handle(), ...http() });
  let known: Promise<oauth.AuthorizationServer> | null = null;

  const discover = () => {
    known ??= oauth
      .discoveryRequest(address, { algorithm: 'oidc', ...http() })
      .then((response) => oauth.processDiscoveryResponse(address, response));
    known.catch(() => (known = null)); // asked again the next time
    return known;
  };

  return {
    discover,
    async push(address) {
      const server = await discover();
      if (server.pushed_authorization_request_endpoint === undefined) return address;
      const response = await oauth.pushedAuthorizationRequest(
        server,
        client,
        oauth.None(),
        address.searchParams,
        await proven(),
      );
      const pushed = await oauth.processPushedAuthorizationResponse(server, client, response);
      const short = new URL(address.pathname, address.origin);
      short.searchParams.set('client_id', settings.clientId);
      short.searchParams.set('request_uri', pushed.request_uri);
      return short;
    },
    async redeem(answer, login) {
      const server = await discover();
      const parameters = oauth.validateAuthResponse(server, client, answer, login.state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        parameters,
        settings.redirectUri,
        login.verifier,
        { additionalParameters, ...(await proven()) },
      );
      return oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: login.nonce,
        requireIdToken: true,
      });
    },
    async refresh(token) {
      const server = await discover();
      const options = { additionalParameters, ...(await proven()) };
      return oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, options),
      );
    },
    async revoke(token) {
      await oauth.revocationRequest(await discover(), client, oauth.None(), token, http());
    },
  };
}
