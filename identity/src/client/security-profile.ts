import { type ClientMetadata, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { OWN_CLIENT_MEMBERS, ownMembers } from './client.ts';

const STRONG_METHODS = new Set([
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
]);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * What is wrong with a client that claims the FAPI 2.0 Security Profile (§5.3.2, §5.3.3), or null. All of it or
 * none: a client that keeps half of the profile does not start.
 */
export function brokenProfile(client: ClientMetadata): string | null {
  const bound =
    client.dpop_bound_access_tokens === true ||
    client.tls_client_certificate_bound_access_tokens === true;
  if (!STRONG_METHODS.has(client.token_endpoint_auth_method ?? '')) {
    return 'authenticates by private_key_jwt or mutual TLS';
  }
  if (!['ES256', 'PS256', 'EdDSA', undefined].includes(client.token_endpoint_auth_signing_alg)) {
    return 'signs by ES256, PS256 or EdDSA';
  }
  if (client.require_pushed_authorization_requests !== true) return 'pushes its requests';
  if (ownMembers(client).pkce_optional) return 'has PKCE always';
  if (!bound) return 'has its tokens bound to a key or a certificate';
  if (client.response_types?.join() !== 'code') return 'has the response type code alone';
  const plain = (client.redirect_uris ?? []).map((uri) => new URL(uri));
  if (plain.some(({ protocol, hostname }) => protocol === 'http:' && !LOOPBACK.has(hostname))) {
    return 'has redirect URIs on https alone';
  }
  return null;
}

/** Judges the members of ours: when a client is loaded, and when somebody registers one. */
export function judgeOwnMember(
  ctx: KoaContextWithOIDC | undefined,
  key: string,
  value: unknown,
  client: ClientMetadata,
): void {
  const own = (OWN_CLIENT_MEMBERS as readonly string[]).includes(key);
  // A path of the registration endpoint: what is ours is given by settings and events, never asked for.
  const registering = /^(registration|client)/.test(ctx?.oidc?.route ?? '');
  if (own && registering && value !== undefined) {
    throw new errors.InvalidClientMetadata(`${key} cannot be registered`);
  }
  if (key !== 'security_profile' || value === undefined) return;
  const broken = value === 'fapi2' ? brokenProfile(client) : 'is fapi2';
  if (broken) throw new errors.InvalidClientMetadata(`a client of this profile ${broken}`);
}

/**
 * PKCE, always. Two exceptions are made for an outside conformance suite, which sends none in most of its requests:
 * a client of the settings that says so, and clients that registered themselves where everybody may.
 */
export const needsPkce =
  (open: boolean) =>
  (client: object): boolean =>
    ownMembers(client).pkce_optional !== true &&
    !(open && String((client as { clientId?: string }).clientId).startsWith('reg-'));

/** The profile of the library that a client is held to. */
export const profileOf = (client: object | undefined): '2.0' | undefined =>
  ownMembers(client).security_profile === 'fapi2' ? '2.0' : undefined;
