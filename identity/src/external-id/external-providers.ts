import { refuse, type Refused } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import * as oidc from 'openid-client';
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
const TOKEN_AGE_SECONDS_MAX = 5 * 60;

/**
 * The external ID providers, by OpenID Connect with the code flow, PKCE, state and nonce. Signature, `iss`,
 * `aud`, `azp`, `exp`, `iat` and nonce of each ID token are checked (DOMAIN guide 4.1.6). A provider is looked up when
 * it is first used, so that a dead one keeps nobody from starting.
 */
export function openExternalProviders(
  all: readonly ExternalProvider[],
  { clock, log, allowHttp }: { clock: Clock; log: Log; allowHttp: boolean },
): ExternalProviders {
  const discovered = new Map<string, Promise<oidc.Configuration>>();

  const discover = (provider: ExternalProvider): Promise<oidc.Configuration> => {
    const known = discovered.get(provider.key);
    if (known) return known;
    if (provider.oauth2) {
      const told = Promise.resolve(withoutDiscovery(provider, provider.oauth2, { allowHttp }));
      discovered.set(provider.key, told);
      return told;
    }
    const execute = [oidc.enableNonRepudiationChecks]; // else a token from the token endpoint goes unverified
    if (allowHttp) execute.push(oidc.allowInsecureRequests);
    const found = oidc.discovery(
      new URL(provider.issuer),
      provider.clientId,
      undefined,
      oidc.ClientSecretBasic(provider.clientSecret),
      { execute, timeout: PATIENCE_SECONDS },
    );
    discovered.set(provider.key, found);
    found.catch(() => discovered.delete(provider.key)); // a failure is not remembered
    return found;
  };

  return {
    all,
    find: (key) => all.find((provider) => provider.key === key),

    request: async (provider, redirectUri, statePrefix) => {
      try {
        const configuration = await discover(provider);
        const codeVerifier = oidc.randomPKCECodeVerifier();
        const state = `${statePrefix}.${oidc.randomState()}`;
        const nonce = oidc.randomNonce();
        const url = oidc.buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUri,
          scope: provider.oauth2?.scope ?? 'openid profile',
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
        const configuration = await discover(provider);
        const tokens = await oidc.authorizationCodeGrant(
          configuration,
          new URL(`${redirectUri}?${answer.toString()}`),
          {
            pkceCodeVerifier: expected.codeVerifier,
            expectedState: expected.state,
            ...(provider.oauth2 ? {} : { expectedNonce: expected.nonce, idTokenExpected: true }),
          },
        );
        if (provider.oauth2) {
          const person = await askWho(configuration, tokens.access_token, provider.oauth2);
          return person
            ? { issuer: provider.issuer, ...person, acr: null }
            : refuse('EXTERNAL_ID_REJECTED');
        }
        const claims = tokens.claims();
        const ageSeconds = clock.now().getTime() / 1_000 - (claims?.iat ?? 0);
        if (!claims || claims.iss !== provider.issuer || ageSeconds > TOKEN_AGE_SECONDS_MAX) {
          log.warn('external_id.rejected', { provider: provider.key, reason: 'issuer or age' });
          return refuse('EXTERNAL_ID_REJECTED');
        }
        const name = typeof claims.name === 'string' ? claims.name : null;
        const acr = typeof claims['acr'] === 'string' ? claims['acr'] : null;
        return { issuer: claims.iss, subject: claims.sub, name, acr };
      } catch (error) {
        const dead = isUnreachable(error);
        log.warn(dead ? 'external_id.unavailable' : 'external_id.rejected', {
          provider: provider.key,
          code: error instanceof oidc.ClientError ? (error.code ?? '') : '',
          cause: error,
        });
        return refuse(dead ? 'EXTERNAL_ID_UNAVAILABLE' : 'EXTERNAL_ID_REJECTED');
      }
    },
  };
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError ||
  (error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT') ||
  (error instanceof Error && error.name === 'TimeoutError');
