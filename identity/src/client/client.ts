import type { ClientMetadata } from 'oidc-provider';
import { z } from 'zod';
import { ACR_VALUES } from '../login/acr.ts';

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
}

/** A client as stored: the protocol's metadata and ours. */
export type StoredClient = ClientMetadata & OwnClientMembers;

/** Our own members of a client as the library holds it. */
export const ownMembers = (client: object | undefined): OwnClientMembers => client ?? {};

// A dot or a dollar would be a path of the database; RFC 6749 allows nearly anything.
const clientId = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/);
const webAddress = z
  .url({ protocol: /^https?$/ })
  .refine((uri) => !uri.includes('#'), 'no fragment');
const memberScope = z.enum(['wallet', 'points', 'refund', 'merchant']);
const common = {
  clientId,
  name: z.object({ ja: z.string().min(1).max(60), en: z.string().min(1).max(60) }),
  /** Compared character by character (RFC 9700 §2.1). */
  redirectUris: z.array(webAddress).min(1).max(10),
  postLogoutRedirectUris: z.array(webAddress).max(10).default([]),
};

/** One app, as the settings name it. */
export const clientSetting = z.discriminatedUnion('kind', [
  /** An app of the group in a browser or on a phone: public, PKCE, no consent page. */
  z.strictObject({
    kind: z.literal('group-app'),
    ...common,
    graphScopes: z.array(memberScope).min(1),
  }),
  /** A partner's server: a secret, its own pairwise `sub` for each member, a consent page. */
  z.strictObject({
    kind: z.literal('partner-app'),
    ...common,
    clientSecret: z.string().min(32).max(200),
    graphScopes: z.array(memberScope).default([]),
  }),
  /** The operations console: public, a second factor always, roles in the token. */
  z.strictObject({
    kind: z.literal('operator-console'),
    ...common,
    graphScopes: z.array(z.enum(['operations', ...memberScope.options])).default(['operations']),
  }),
]);
export type ClientSetting = z.infer<typeof clientSetting>;

/** The client of a setting, in the protocol's words. */
export function toClient(setting: ClientSetting): StoredClient {
  const { clientId: client_id, name, redirectUris, postLogoutRedirectUris, graphScopes } = setting;
  const shared = {
    client_id,
    client_name: name.ja,
    name_en: name.en,
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutRedirectUris,
    response_types: ['code' as const],
    grant_types: ['authorization_code', 'refresh_token'],
    graph_scopes: graphScopes.join(' '),
    scope: 'openid profile offline_access',
  };
  switch (setting.kind) {
    case 'group-app':
      return { ...shared, token_endpoint_auth_method: 'none', first_party: true };
    case 'partner-app':
      return {
        ...shared,
        client_secret: setting.clientSecret,
        token_endpoint_auth_method: 'client_secret_basic',
        subject_type: 'pairwise',
      };
    case 'operator-console':
      return {
        ...shared,
        token_endpoint_auth_method: 'none',
        first_party: true,
        minimum_acr: ACR_VALUES[1],
        tells_roles: true,
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
