import { randomBytes } from 'node:crypto';
import { type ClientMetadata, type Configuration, errors, type Provider } from 'oidc-provider';
import { mayCall } from '../outgoing/outgoing-fetch.ts';
import type { IdentitySettings } from '../settings.ts';
import { OWN_CLIENT_MEMBERS } from './client.ts';

/** Clients that registered themselves; the next one is refused until somebody looks. */
export const REGISTERED_MAX = 500;
/** An initial access token is for one evening of setting things up. */
export const INITIAL_TOKEN_SECONDS = 60 * 60;
export const SOFTWARE_POLICY = 'software';

const GRANTS = new Set(['authorization_code', 'refresh_token']);
const SCOPES = new Set(['openid', 'profile', 'offline_access']);
const SCOPES_OPEN = new Set([...SCOPES, 'email', 'address', 'phone']);
const METHODS = new Set(['client_secret_basic', 'client_secret_post', 'private_key_jwt']);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const URIS_MAX = 10;
/** Where 7iD itself goes for a client: with a notice, for its keys, for its list of addresses. */
const CALLED = ['backchannel_logout_uri', 'jwks_uri', 'sector_identifier_uri'] as const;

type Registration = NonNullable<IdentitySettings['registration']>;
type Policy = Pick<IdentitySettings, 'issuer' | 'outgoingHosts'> & { registration: Registration };

/**
 * What a client that registered itself may never be, however it asks: an app of the group, a client of the graph, of
 * money, of devices, of approvals or of exchanges; one without a proof of its own; one that sends people or us
 * to places that are not on its list. Judged where it is stored, so at registration and at each change.
 * @throws InvalidClientMetadata that names the member
 */
export function judgeRegistered(client: ClientMetadata, policy: Policy): void {
  const refuse = (what: string): never => {
    throw new errors.InvalidClientMetadata(`${what} is not for registered clients`);
  };
  const { registration } = policy;
  const open = registration.mode === 'open';
  for (const member of OWN_CLIENT_MEMBERS) {
    if (client[member] !== undefined) refuse(member);
  }
  const grants = client.grant_types ?? ['authorization_code'];
  const unknownGrant = grants.find((grant) => !GRANTS.has(grant));
  if (unknownGrant !== undefined) refuse(`grant type ${unknownGrant}`);
  if ((client.response_types ?? ['code']).join() !== 'code')
    refuse('another response type than code');
  const scopes = client.scope?.split(' ') ?? [];
  const unknownScope = scopes.find((scope) => !(open ? SCOPES_OPEN : SCOPES).has(scope));
  if (unknownScope !== undefined) refuse(`scope ${unknownScope}`);
  if (!METHODS.has(client.token_endpoint_auth_method ?? 'client_secret_basic')) {
    refuse('this authentication');
  }
  if ((client.authorization_details_types ?? []).length > 0) refuse('authorization_details');
  if (!open && client.subject_type !== 'pairwise') refuse('a public subject');
  judgeAddresses(client, policy, refuse);
}

function judgeAddresses(
  client: ClientMetadata,
  { issuer, outgoingHosts, registration }: Policy,
  refuse: (what: string) => never,
): void {
  const allowHttp = issuer.startsWith('http:');
  const uris = [...(client.redirect_uris ?? []), ...(client.post_logout_redirect_uris ?? [])];
  if (uris.length > URIS_MAX) refuse('such a long list of addresses');
  const shown = [client.policy_uri, client.tos_uri].filter((uri) => uri !== undefined);
  for (const uri of [...uris, ...shown]) {
    const { protocol, hostname, host } = new URL(uri);
    const local = allowHttp && protocol === 'http:' && LOOPBACK.has(hostname);
    if (protocol !== 'https:' && !local) refuse('an address without https');
    const { redirectHosts } = registration;
    if (redirectHosts.length > 0 && !redirectHosts.includes(host)) refuse(`the host ${host}`);
  }
  for (const member of CALLED) {
    const called = client[member];
    if (called !== undefined && !mayCall(called, { hosts: outgoingHosts, allowHttp })) {
      refuse(`this ${member}`);
    }
  }
}

/** Judges by the settings; without the setting nobody registers. */
export const judgeRegistration =
  ({ issuer, outgoingHosts, registration }: IdentitySettings) =>
  (client: ClientMetadata): void => {
    if (!registration) throw new errors.InvalidClientMetadata('nobody registers here');
    judgeRegistered(client, { issuer, outgoingHosts, registration });
  };

/**
 * A token with which one party may register clients for an hour. A secret: it is shown once.
 * @throws Error where registration is off
 */
export async function initialAccessToken(
  provider: Provider,
  { registration }: IdentitySettings,
): Promise<string> {
  if (registration?.mode !== 'token') throw new Error('registration by token is off');
  const token = new provider.InitialAccessToken({
    expiresIn: INITIAL_TOKEN_SECONDS,
    policies: [SOFTWARE_POLICY],
  });
  return token.save();
}

type Features = NonNullable<Configuration['features']>;

/** Dynamic registration and its management (RFC 7591, 7592); off without the setting. */
export function registrationFeatures(settings: IdentitySettings) {
  const { registration } = settings;
  if (!registration) return {};
  const open = registration.mode === 'open';
  return {
    registration: {
      enabled: true,
      initialAccessToken: !open,
      idFactory: () => `reg-${randomBytes(18).toString('base64url')}`,
      ...(!open && {
        policies: {
          [SOFTWARE_POLICY]: (_ctx: unknown, properties: ClientMetadata) => {
            properties.subject_type = 'pairwise';
            properties.scope ??= 'openid profile';
          },
        },
      }),
    },
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
  } satisfies Features;
}
