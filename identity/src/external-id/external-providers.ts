import { refuse, type Refused } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import { checkIdToken, IdTokenRejected } from './check-id-token.ts';
import { clientAuthentication } from './client-authentication.ts';
import { askWho, withoutDiscovery } from './oauth2-provider.ts';
import type { ExternalIdRefusal, ExternalProvider } from './external-id.ts';

/** What a provider asserts about a person, after every check. */
export interface Assertion {
  readonly issuer: string;
  readonly subject: string;
  /** A name to greet the person by, if the provider gives one. */
  readonly name: string | null;
  /** How strongly the provider says that they proved it, in its own words. */
  readonly acr: string | null;
}

/** What must be remembered between sending a person away and their coming back. */
export interface Request {
  readonly url: URL;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface ExternalProviders {
  find(key: string): ExternalProvider | undefined;
  readonly all: readonly ExternalProvider[];
  /** Where to send the person. `statePrefix` comes back in `state`. */
  request(
    provider: ExternalProvider,
    redirectUri: string,
    statePrefix: string,
  ): Promise<Request | Refused<'EXTERNAL_ID_UNAVAILABLE'>>;
  /** Redeems the code on the server and checks the ID token. `answer` is the query the person came back with. */
  redeem(
    provider: ExternalProvider,
    input: { redirectUri: string; answer: URLSearchParams; expected: Omit<Request, 'url'> },
  ): Promise<Assertion | Refused<ExternalIdRefusal>>;
}

const PATIENCE_SECONDS = 4; // a dead provider has its page within five

interface Discovered {
  readonly configuration: oidc.Configuration;
  /** The keys that it publishes; none where there are no ID tokens. */
  readonly keys: JWTVerifyGetKey | null;
}

/**
 * The external ID providers, by OpenID Connect with the code flow, PKCE, state and nonce. The library checks the answer (state,
 * and `iss` of RFC 9207 where there is one) and the claims; the ID token as a whole, signature first, is checked by the
 * profile of the provider (check-id-token.ts, DOMAIN guide 4.1.6). A provider is looked up when it is first used, so that
 * a dead one keeps nobody from starting.
 */
export function openExternalProviders(
  all: readonly ExternalProvider[],
  { clock, log, allowHttp }: { clock: Clock; log: Log; allowHttp: boolean },
): ExternalProviders {
  const discovered = new Map<string, Promise<Discovered>>();

  const look = async (provider: ExternalProvider): Promise<Discovered> => {
    const { oauth2, issuer, clientId, profile } = provider;
    if (oauth2) {
      return { configuration: withoutDiscovery(provider, oauth2, { allowHttp }), keys: null };
    }
    const execute = allowHttp ? [oidc.allowInsecureRequests] : [];
    const authentication = clientAuthentication(provider, clock);
    const patience = { execute, timeout: PATIENCE_SECONDS };
    const found = await oidc.discovery(
      new URL(issuer),
      clientId,
      undefined,
      authentication,
      patience,
    );
    const { supportsPKCE: _, ...told } = found.serverMetadata();
    // Not what the provider says that it may do one day, but what its profile lets it do.
    const server = {
      ...told,
      id_token_signing_alg_values_supported: [...profile.idTokenAlgorithms],
    };
    const configuration = new oidc.Configuration(server, clientId, undefined, authentication);
    configuration.timeout = PATIENCE_SECONDS;
    for (const each of execute) each(configuration);
    const address = new URL(told.jwks_uri ?? '', issuer);
    if (!allowHttp && address.protocol !== 'https:') throw new TypeError('keys without TLS');
    const keys = createRemoteJWKSet(address, { timeoutDuration: PATIENCE_SECONDS * 1_000 });
    return { configuration, keys };
  };
  const discover = (provider: ExternalProvider): Promise<Discovered> => {
    const known = discovered.get(provider.key);
    if (known) return known;
    const found = look(provider);
    discovered.set(provider.key, found);
    found.catch(() => discovered.delete(provider.key)); // a failure is not remembered
    return found;
  };

  return {
    all,
    find: (key) => all.find((provider) => provider.key === key),

    request: async (provider, redirectUri, statePrefix) => {
      try {
        const { configuration } = await discover(provider);
        const { profile } = provider;
        const codeVerifier = oidc.randomPKCECodeVerifier();
        const state = `${statePrefix}.${oidc.randomState()}`;
        const nonce = oidc.randomNonce();
        const url = oidc.buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUri,
          scope: provider.oauth2?.scope ?? profile.scope,
          ...(profile.responseMode === 'form_post' && { response_mode: 'form_post' }),
          code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          state,
          ...(provider.oauth2 ? {} : { nonce }),
        });
        return { url, state, nonce, codeVerifier };
      } catch (error) {
        log.warn('external_id.unavailable', { provider: provider.key, cause: error });
        return refuse('EXTERNAL_ID_UNAVAILABLE');
      }
    },

    redeem: async (provider, { redirectUri, answer, expected }) => {
      try {
        const { configuration, keys } = await discover(provider);
        const tokens = await oidc.authorizationCodeGrant(
          configuration,
          new URL(`${redirectUri}?${answer.toString()}`),
          {
            pkceCodeVerifier: expected.codeVerifier,
            expectedState: expected.state,
            ...(provider.oauth2 ? {} : { expectedNonce: expected.nonce, idTokenExpected: true }),
          },
        );
        if (provider.oauth2 || !keys) {
          const person =
            provider.oauth2 && (await askWho(configuration, tokens.access_token, provider.oauth2));
          return person
            ? { issuer: provider.issuer, ...person, acr: null }
            : refuse('EXTERNAL_ID_REJECTED');
        }
        const claims = await checkIdToken(tokens.id_token ?? '', provider, {
          nonce: expected.nonce,
          accessToken: tokens.access_token,
          keys,
          at: clock.now(),
        });
        const name = typeof claims['name'] === 'string' ? claims['name'] : null;
        const acr = typeof claims['acr'] === 'string' ? claims['acr'] : null;
        return { issuer: provider.issuer, subject: claims.sub, name, acr };
      } catch (error) {
        const dead = isUnreachable(error);
        log.warn(dead ? 'external_id.unavailable' : 'external_id.rejected', {
          provider: provider.key,
          code:
            error instanceof IdTokenRejected
              ? error.fault
              : error instanceof oidc.ClientError
                ? (error.code ?? '')
                : '',
          cause: error,
        });
        return refuse(dead ? 'EXTERNAL_ID_UNAVAILABLE' : 'EXTERNAL_ID_REJECTED');
      }
    },
  };
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof errors.JWKSTimeout ||
  (error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT') ||
  (error instanceof Error && error.name === 'TimeoutError');
