import type { Locale } from '@7pay/refusals';
import type { ClientMetadata } from 'oidc-provider';
import { ACR_VALUES } from '../login/acr.ts';
import {
  type ClientAuthentication,
  clientId,
  type ClientSetting,
  type PartnerSetting,
} from './client-setting.ts';

export { clientSetting, type ClientSetting } from './client-setting.ts';

/** What an app may ask of the graph (identity/README.md). */
export const GRAPH_SCOPES = [
  'wallet',
  'points',
  'refund',
  'merchant',
  'operations',
  'terminal',
] as const;
export type GraphScope = (typeof GRAPH_SCOPES)[number];

/** Members of a client that are ours and not the protocol's. */
export const OWN_CLIENT_MEMBERS = [
  'name_en',
  'first_party',
  'graph_scopes',
  'minimum_acr',
  'tells_roles',
  'terminal_id',
  'store_id',
  'merchant_id',
  'security_profile',
  'pkce_optional',
  'introspects',
  'exchange_audiences',
  'exchange_scopes',
  'in_test',
] as const;

interface OwnClientMembers {
  readonly name_en?: string;
  /** An app of the group: no consent page. */
  readonly first_party?: boolean;
  /** The scopes of the graph that it may have, separated by spaces. */
  readonly graph_scopes?: string;
  /** Nobody gets into this app with less. */
  readonly minimum_acr?: string;
  /** Whether its access tokens carry the member's roles. */
  readonly tells_roles?: boolean;
  readonly terminal_id?: string;
  readonly store_id?: string;
  readonly merchant_id?: string;
  /** `fapi2`: held to the FAPI 2.0 Security Profile as a whole. */
  readonly security_profile?: 'fapi2';
  /** Only for clients that are an outside conformance suite. */
  readonly pkce_optional?: boolean;
  /** Whether it may ask about tokens of other clients. */
  readonly introspects?: boolean;
  /** Audiences that it may exchange a member's token for, separated by spaces. */
  readonly exchange_audiences?: string;
  readonly exchange_scopes?: string;
  /** Nobody has approved it yet: for test people alone. Never stored, see client.store.ts. */
  readonly in_test?: boolean;
}

/** A client as stored: the protocol's metadata and ours. */
export type StoredClient = ClientMetadata & OwnClientMembers;

/** What people call a client, in their language; undefined for one that has no name. */
export const nameOfClient = (
  client: Pick<StoredClient, 'client_name' | 'name_en'> | null | undefined,
  locale: Locale,
): string | undefined => (locale === 'en' ? client?.name_en : undefined) ?? client?.client_name;

/** Our own members of a client as the library holds it. */
export const ownMembers = (client: object | undefined): OwnClientMembers => client ?? {};

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';
export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The client of a setting, in the protocol's words. */
export function toClient(setting: ClientSetting): StoredClient {
  const named = {
    client_id: setting.clientId,
    client_name: setting.name.ja,
    name_en: setting.name.en,
    scope: 'openid profile offline_access',
  };
  switch (setting.kind) {
    case 'group-app':
      return {
        ...named,
        ...browserApp(setting),
        token_endpoint_auth_method: 'none',
        dpop_bound_access_tokens: setting.boundTokens,
        first_party: true,
      };
    case 'partner-app':
      return { ...named, ...browserApp(setting), ...partnerApp(setting) };
    case 'operator-console':
      return {
        ...named,
        ...browserApp(setting),
        token_endpoint_auth_method: 'none',
        dpop_bound_access_tokens: setting.boundTokens,
        first_party: true,
        minimum_acr: ACR_VALUES[1],
        tells_roles: true,
      };
    case 'device-app':
      return {
        ...named,
        ...withoutBrowser,
        grant_types: [DEVICE_GRANT, 'refresh_token'],
        token_endpoint_auth_method: 'none',
        graph_scopes: setting.graphScopes.join(' '),
        first_party: true,
      };
    case 'approval-app':
      return {
        ...named,
        ...withoutBrowser,
        ...authenticationMembers({ method: 'private_key_jwt', jwks: setting.jwks }),
        grant_types: [CIBA_GRANT],
        graph_scopes: setting.graphScopes.join(' '),
        ...(setting.notificationEndpoint === undefined
          ? { backchannel_token_delivery_mode: 'poll' as const }
          : {
              backchannel_token_delivery_mode: 'ping' as const,
              backchannel_client_notification_endpoint: setting.notificationEndpoint,
            }),
      };
    case 'service':
      return {
        ...named,
        ...withoutBrowser,
        ...authenticationMembers({ method: 'private_key_jwt', jwks: setting.jwks }),
        grant_types: setting.exchangeAudiences.length > 0 ? [EXCHANGE_GRANT] : [],
        introspects: setting.introspects,
        exchange_audiences: setting.exchangeAudiences.join(' '),
        exchange_scopes: setting.exchangeScopes.join(' '),
      };
  }
}

const withoutBrowser = { redirect_uris: [] as string[], response_types: [] };

const browserApp = (setting: Extract<ClientSetting, { redirectUris: unknown }>) => ({
  redirect_uris: setting.redirectUris,
  post_logout_redirect_uris: setting.postLogoutRedirectUris,
  response_types: ['code' as const],
  grant_types: ['authorization_code', 'refresh_token'],
  graph_scopes: setting.graphScopes.join(' '),
  ...(setting.backchannelLogoutUri !== undefined && {
    backchannel_logout_uri: setting.backchannelLogoutUri,
    backchannel_logout_session_required: true,
  }),
});

function partnerApp(setting: PartnerSetting): Partial<StoredClient> {
  const authentication: ClientAuthentication = setting.authentication ?? {
    method: 'client_secret_basic',
    secret: setting.clientSecret ?? '',
  };
  const byCertificate = authentication.method.includes('tls');
  return {
    ...authenticationMembers(authentication),
    subject_type: setting.subjectType,
    scope: ['openid', ...setting.claimScopes, 'offline_access'].join(' '),
    authorization_details_types: setting.payments ? ['payment_initiation'] : [],
    require_signed_request_object: setting.signedRequests,
    ...(setting.policyUri !== undefined && { policy_uri: setting.policyUri }),
    ...(setting.termsUri !== undefined && { tos_uri: setting.termsUri }),
    ...(setting.pkce === 'optional' && { pkce_optional: true }),
    ...(setting.sectorIdentifierUri !== undefined && {
      sector_identifier_uri: setting.sectorIdentifierUri,
    }),
    ...(setting.profile === 'fapi2' && {
      security_profile: 'fapi2',
      require_pushed_authorization_requests: true,
      ...(byCertificate
        ? { tls_client_certificate_bound_access_tokens: true }
        : { dpop_bound_access_tokens: true }),
    }),
  };
}

function authenticationMembers(given: ClientAuthentication): Partial<StoredClient> {
  switch (given.method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      return { token_endpoint_auth_method: given.method, client_secret: given.secret };
    case 'tls_client_auth':
      return {
        token_endpoint_auth_method: given.method,
        tls_client_auth_subject_dn: given.subjectDn,
      };
    case 'private_key_jwt':
    case 'self_signed_tls_client_auth':
      return {
        token_endpoint_auth_method: given.method,
        jwks: given.jwks as NonNullable<ClientMetadata['jwks']>,
      };
  }
}

/** A register in a store that was paired: its public key, and where it stands. */
export interface PairedTerminal {
  readonly terminalId: string;
  readonly storeId: string;
  readonly merchantId: string;
  readonly label: string;
  /** Coordinates on P-256, base64url. */
  readonly publicKeyX: string;
  readonly publicKeyY: string;
}

export const terminalClientId = (terminalId: string): string => `terminal-${terminalId}`;

/** The client of a terminal: it proves itself with its own key (RFC 7523) and may only act as a terminal. */
export function toTerminalClient(terminal: PairedTerminal): StoredClient {
  const { terminalId, storeId, merchantId, label, publicKeyX: x, publicKeyY: y } = terminal;
  return {
    client_id: clientId.parse(terminalClientId(terminalId)),
    client_name: label,
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ kty: 'EC', crv: 'P-256', x, y, use: 'sig', alg: 'ES256' }] },
    graph_scopes: 'terminal',
    first_party: true,
    terminal_id: terminalId,
    store_id: storeId,
    merchant_id: merchantId,
  };
}
