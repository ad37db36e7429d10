import type { Configuration } from 'oidc-provider';
import type { IdentitySettings, SigningKey } from '../settings.ts';

/** What clients sign with: elliptic curves and PSS (FAPI 2.0 Security Profile §5.4.1); no RS256, no shared secrets. */
const CLIENT_ALGORITHMS = [
  'ES256' as const,
  'PS256' as const,
  'EdDSA' as const,
  'Ed25519' as const,
];

/** The algorithms of signatures: ours are those that we hold keys for. */
export function algorithms(keys: readonly SigningKey[]): NonNullable<Configuration['enabledJWA']> {
  const ours = [...new Set(keys.map(({ alg }) => alg))].sort();
  return {
    clientAuthSigningAlgValues: CLIENT_ALGORITHMS,
    requestObjectSigningAlgValues: CLIENT_ALGORITHMS,
    dPoPSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
    idTokenSigningAlgValues: ours,
    authorizationSigningAlgValues: ours,
    userinfoSigningAlgValues: ours,
    introspectionSigningAlgValues: ours,
  };
}

/** How clients prove themselves. Certificates count only where an edge vouches for them. */
export const clientAuthMethods = (
  settings: IdentitySettings,
): NonNullable<Configuration['clientAuthMethods']> => [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  ...(settings.clientCertificates
    ? ['tls_client_auth' as const, 'self_signed_tls_client_auth' as const]
    : []),
];
