import type { EventEmitter } from 'node:events';
import type { Controls, EndedLoginStore } from '@7pay/controls';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import { type AdapterFactory, type Configuration, type FindAccount, Provider } from 'oidc-provider';
import type { MemberStore } from './account/member.store.ts';
import { accessTokenClaims } from './claims/access-token-claims.ts';
import { CLAIMS_OF_SCOPES } from './claims/claims-of-scopes.ts';
import { existingGrant } from './claims/first-party-grant.ts';
import { pairwiseSubject } from './claims/pairwise-subject.ts';
import { OWN_CLIENT_MEMBERS, ownMembers } from './client/client.ts';
import { judgeTester } from './account/test-people.ts';
import type { Gate } from './gate/gate.ts';
import { mutualTls } from './client/client-certificate.ts';
import type { ClientStore } from './client/client.store.ts';
import { compareSecrets } from './client/compare-secrets.ts';
import { registrationFeatures } from './client/registration.ts';
import { judgeOwnMember, needsPkce } from './client/security-profile.ts';
import { cibaFeature } from './ciba/ciba-feature.ts';
import { orNobody } from './ciba/nobody.ts';
import type { ApprovalStore } from './ciba/approval.store.ts';
import { deviceFeature } from './device/device-features.tsx';
import { limitUserCodes } from './device/limit-user-codes.ts';
import { userCodeBudget } from './device/user-code-budget.ts';
import type { Origin } from './gate/login-record.ts';
import type { WindowCounts } from './one-time-code/window-count.store.ts';
import { keepNotices } from './logout/logout-notices.ts';
import type { NoticeStore } from './outgoing/notice.store.ts';
import { allowedHosts, outgoingFetch } from './outgoing/outgoing-fetch.ts';
import { exchangedClaims, registerTokenExchange } from './token-exchange/exchange-token.ts';
import { loginPolicy } from './interaction/login-policy.ts';
import { type ProviderPages, pagesOf } from './interaction/provider-pages.tsx';
import * as lifetimes from './lifetimes.ts';
import { ACR_VALUES } from './login/acr.ts';
import { algorithms, clientAuthMethods } from './protocol/algorithms.ts';
import { repeatRefreshes } from './protocol/refresh-leeway.ts';
import { requestFeatures, withPushedRequests } from './protocol/request-features.ts';
import type { StillHolds } from './protocol/still-holds.ts';
import { rotates, tokenFeatures } from './protocol/token-features.ts';
import type { IdentitySettings, SigningKey } from './settings.ts';

export interface ProviderDeps {
  readonly settings: IdentitySettings;
  readonly storage: AdapterFactory;
  readonly members: MemberStore;
  readonly controls: Controls;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly log: Log;
  /** The first signs; the others are published. */
  readonly keys: readonly SigningKey[];
  readonly approvals: ApprovalStore;
  readonly notices: NoticeStore;
  /** The members, and whether their logins still count. */
  readonly account: FindAccount;
  readonly holds: StillHolds;
  readonly clients: ClientStore;
  /** What has ended while tokens that rest on it are out. */
  readonly ends: EndedLoginStore;
  /** Counters that all processes share. */
  readonly counts: WindowCounts;
  /** Where a request comes from. */
  readonly originOf: (ctx: Context) => Origin;
}

/** The OpenID Provider: the library, told how 7iD works. Certified profile: Basic OP, with PKCE always. */
export function openProvider(deps: ProviderDeps): Provider {
  const { settings, log } = deps;
  const provider = new Provider(settings.issuer, configuration(deps));
  const { keys, clock, notices, holds, counts, originOf, clients } = deps;
  const { gate, ends } = deps;
  registerTokenExchange(provider, { settings, keys, holds, gate, ends, clock });
  compareSecrets(provider, { clients, clock });
  keepNotices(provider, notices);
  repeatRefreshes(provider, { secret: settings.cookieKeys[0] ?? '', clock });
  limitUserCodes(provider, { budget: userCodeBudget(counts), originOf, clock, log });
  if (settings.issuer.startsWith('https:')) {
    // Behind the edge that ends TLS. The listener says which host and scheme, see open-identity.ts.
    provider.proxy = true;
    provider.maxIpsCount = 1; // the last hop only: the leftmost address is chosen by the caller
  }
  // Without a listener the framework prints errors itself, unredacted.
  (provider as EventEmitter).on('error', (error: unknown) =>
    log.error('identity.failed', { cause: error }),
  );
  provider.on('server_error', (_ctx, error) => log.error('identity.failed', { cause: error }));
  provider.on('grant.error', (ctx, error) =>
    log.warn('grant.refused', { clientId: ctx.oidc.client?.clientId, code: error.message }),
  );
  return provider;
}

function configuration(deps: ProviderDeps): Configuration {
  const { settings, storage, members, controls, gate, clock, keys, approvals, account, holds } =
    deps;
  const { counts } = deps;
  const { agreementSecret } = settings;
  const claimsOf = accessTokenClaims({ controls, gate, agreementSecret });
  const pages: ProviderPages = pagesOf(deps);
  const pkce = needsPkce(settings.registration?.mode === 'open');
  return {
    adapter: storage,
    jwks: { keys: [...keys] },
    findAccount: orNobody(account),
    loadExistingGrant: existingGrant,
    extraTokenClaims: async (ctx, token) => ({
      ...(await claimsOf(ctx, token)),
      ...exchangedClaims(ctx),
    }),
    fetch: outgoingFetch(allowedHosts(settings)),
    fetchResponseBodyLimits: { jwks_uri: 100_000, sector_identifier_uri: 20_000 },
    pairwiseIdentifier: async (_ctx, memberId, client) =>
      pairwiseSubject(settings.pairwiseSecret, String(client['sectorIdentifier']), memberId),
    subjectTypes: ['public', 'pairwise'],
    scopes: ['openid', 'profile', 'email', 'phone', 'offline_access'],
    acrValues: [...ACR_VALUES],
    claims: {
      ...CLAIMS_OF_SCOPES,
      sid: null,
      iss: null,
    },
    responseTypes: ['code'],
    clientAuthMethods: clientAuthMethods(settings),
    enabledJWA: algorithms(keys),
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
      require_auth_time: false,
    },
    extraClientMetadata: { properties: [...OWN_CLIENT_MEMBERS], validator: judgeOwnMember },
    allowOmittingSingleRegisteredRedirectUri: false, // OIDC Core §3.1.2.1
    pkce: { required: (_ctx, client) => pkce(client) },
    clientBasedCORS: (_ctx, origin, client) =>
      client.tokenEndpointAuthMethod === 'none'
        ? (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin)
        : // registers run the pages that stand beside the graph
          ownMembers(client).terminal_id !== undefined &&
          new URL(settings.graphAudience).origin === origin,
    cookies: {
      keys: settings.cookieKeys,
      // Cookies are shared between the ports of a host, so the names are ours alone.
      names: { session: '7id_session', interaction: '7id_interaction', resume: '7id_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true },
    },
    interactions: {
      policy: withPushedRequests(
        loginPolicy({ gate, clock, judgeTester: judgeTester(settings.testPeople) }),
      ),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    renderError: pages.renderError,
    rotateRefreshToken: rotates,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      // Apps of the group: bound to the session, gone with it. Partners: only when the member consented.
      (ownMembers(client).first_party === true || source.scopes.has('offline_access')),
    expiresWithSession: (_ctx, source) => !source.scopes.has('offline_access'),
    ttl: timesToLive(clock),
    features: {
      devInteractions: { enabled: false }, // any password would log in
      ...requestFeatures(),
      ...tokenFeatures(settings, holds),
      ...deviceFeature(settings),
      ...cibaFeature({ members, approvals, counts, clock, secret: settings.cookieKeys[0] ?? '' }),
      ...registrationFeatures(settings),
      mTLS: mutualTls(settings.clientCertificates),
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: pages.logoutSource,
        postLogoutSuccessSource: pages.postLogoutSuccessSource,
      },
    },
  };
}

const timesToLive = (clock: Clock): NonNullable<Configuration['ttl']> => ({
  AccessToken: lifetimes.ACCESS_TOKEN_SECONDS,
  AuthorizationCode: lifetimes.AUTHORIZATION_CODE_SECONDS,
  BackchannelAuthenticationRequest: lifetimes.APPROVAL_SECONDS,
  DeviceCode: lifetimes.DEVICE_CODE_SECONDS,
  ClientCredentials: lifetimes.ACCESS_TOKEN_SECONDS,
  Grant: lifetimes.GRANT_SECONDS,
  IdToken: lifetimes.ID_TOKEN_SECONDS,
  Interaction: lifetimes.INTERACTION_SECONDS,
  RefreshToken: (ctx) =>
    ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? lifetimes.REFRESH_SECONDS,
  Session: (_ctx, session) =>
    lifetimes.sessionSeconds(session.loginTs, Math.floor(clock.now().getTime() / 1_000)),
});
