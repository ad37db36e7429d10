import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import type { JWTPayload } from 'jose';

/** A request under way. */
export interface Attempt {
  readonly url: URL;
  readonly verifier: string | undefined;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
}
export interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly claims: JWTPayload;
}

/** What a client that is not ours does with 7iD. Each checks issuer, nonce, hashes and signatures by itself. */
export interface Driver {
  readonly name: string;
  readonly clientId: string;
  readonly redirectUri: string;
  begin(parameters: Record<string, string | undefined>): Promise<Attempt>;
  redeem(attempt: Attempt, callback: URL): Promise<Tokens>;
  userinfo(tokens: Tokens): Promise<Record<string, unknown>>;
  refresh(tokens: Tokens): Promise<Tokens>;
}

export interface DrivenClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly secret: string;
  readonly method: 'client_secret_basic' | 'client_secret_post';
  /** The algorithm of its ID tokens. */
  readonly idTokenAlg?: string;
}

// As the suite: state and nonce always, PKCE when the module is about it.
async function attemptOf(
  endpoint: string,
  client: DrivenClient,
  parameters: Record<string, string | undefined>,
): Promise<Attempt> {
  const url = new URL(endpoint);
  const wished = { state: oidc.randomState(), nonce: oidc.randomNonce(), ...parameters };
  const all: Record<string, string | undefined> = {
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: client.redirectUri,
    scope: 'openid',
    ...wished,
  };
  const verifier = all['code_challenge'] === 'S256' ? oidc.randomPKCECodeVerifier() : undefined;
  if (verifier !== undefined) {
    all['code_challenge'] = await oidc.calculatePKCECodeChallenge(verifier);
    all['code_challenge_method'] = 'S256';
  }
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return { url, verifier, state: all['state'], nonce: all['nonce'] };
}

export async function openidClientDriver(client: DrivenClient): Promise<Driver> {
  const { issuer, clientId, secret, method } = client;
  const authentication =
    method === 'client_secret_basic'
      ? oidc.ClientSecretBasic(secret)
      : oidc.ClientSecretPost(secret);
  const configuration = await oidc.discovery(
    new URL(issuer),
    clientId,
    { id_token_signed_response_alg: client.idTokenAlg ?? 'ES256' },
    authentication,
    { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
  );
  const toTokens = (
    answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  ): Tokens => ({
    ...answer,
    claims: (answer.claims() ?? {}) as JWTPayload,
  });
  return {
    name: 'openid-client',
    clientId,
    redirectUri: client.redirectUri,
    begin: (parameters) =>
      attemptOf(configuration.serverMetadata().authorization_endpoint ?? '', client, parameters),
    redeem: async ({ verifier, state, nonce }, callback) =>
      toTokens(
        await oidc.authorizationCodeGrant(configuration, callback, {
          ...(verifier !== undefined && { pkceCodeVerifier: verifier }),
          ...(state !== undefined && { expectedState: state }),
          ...(nonce !== undefined && { expectedNonce: nonce }),
        }),
      ),
    userinfo: async ({ access_token: token, claims }) =>
      oidc.fetchUserInfo(configuration, token, claims.sub ?? ''),
    refresh: async ({ refresh_token: token = '' }) =>
      toTokens(await oidc.refreshTokenGrant(configuration, token)),
  };
}

export async function oauth4webapiDriver(client: DrivenClient): Promise<Driver> {
  const { clientId, secret, method } = client;
  const issuer = new URL(client.issuer);
  const http = { [oauth.allowInsecureRequests]: true };
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http }),
  );
  const self: oauth.Client = {
    client_id: clientId,
    id_token_signed_response_alg: client.idTokenAlg ?? 'ES256',
  };
  const authentication =
    method === 'client_secret_basic'
      ? oauth.ClientSecretBasic(secret)
      : oauth.ClientSecretPost(secret);
  const toTokens = (answer: oauth.TokenEndpointResponse): Tokens => ({
    ...answer,
    claims: (oauth.getValidatedIdTokenClaims(answer) ?? {}) as JWTPayload,
  });
  return {
    name: 'oauth4webapi',
    clientId,
    redirectUri: client.redirectUri,
    begin: (parameters) => attemptOf(server.authorization_endpoint ?? '', client, parameters),
    redeem: async ({ verifier, state, nonce }, callback) => {
      const parameters = oauth.validateAuthResponse(
        server,
        self,
        callback,
        state ?? oauth.expectNoState,
      );
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        self,
        authentication,
        parameters,
        client.redirectUri,
        verifier ?? oauth.nopkce,
        http,
      );
      const answer = await oauth.processAuthorizationCodeResponse(server, self, response, {
        expectedNonce: nonce ?? oauth.expectNoNonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(server, response, http);
      return toTokens(answer);
    },
    userinfo: async ({ access_token: token, claims }) =>
      oauth.processUserInfoResponse(
        server,
        self,
        claims.sub ?? '',
        await oauth.userInfoRequest(server, self, token, http),
      ),
    refresh: async ({ refresh_token: token = '' }) =>
      toTokens(
        await oauth.processRefreshTokenResponse(
          server,
          self,
          await oauth.refreshTokenGrantRequest(server, self, authentication, token, http),
        ),
      ),
  };
}

export const DRIVERS = [openidClientDriver, oauth4webapiDriver] as const;
