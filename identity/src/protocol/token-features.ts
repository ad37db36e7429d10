import { hkdfSync } from 'node:crypto';
import { type Configuration, errors } from 'oidc-provider';
import { ownMembers } from '../client/client.ts';
import { profileOf } from '../client/security-profile.ts';
import * as lifetimes from '../lifetimes.ts';
import type { IdentitySettings } from '../settings.ts';
import type { StillHolds } from './still-holds.ts';

type Features = NonNullable<Configuration['features']>;

/** What tokens are good for, and who may ask about them. */
export const tokenFeatures = (settings: IdentitySettings, holds: StillHolds) =>
  ({
    clientCredentials: { enabled: true },
    dPoP: {
      enabled: true,
      // Every process makes and knows the same nonces; one holds for a few minutes (RFC 9449 §8).
      nonceSecret: Buffer.from(
        hkdfSync('sha256', settings.cookieKeys[0] ?? '', '7iD', 'dpop-nonce', 32),
      ),
      requireNonce: ({ oidc }) => profileOf(oidc.client) !== undefined,
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    introspection: {
      enabled: true,
      // A client about its own tokens, and a service that is told to check those of others.
      allowedPolicy: async (ctx, client, token) => {
        if (client.tokenEndpointAuthMethod === 'none') return false;
        const mine = token.clientId === client.clientId || ownMembers(client).introspects === true;
        if (!mine || !(await holds(ctx, token as never))) return false;
        // The library answers by whose it is, and takes it for granted that there still is such a client.
        return (await ctx.oidc.provider.Client.find(token.clientId ?? '')) !== undefined;
      },
    },
    // One audience per token: the graph's, or none (then it is good for userinfo alone).
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client, oneOf) =>
        oneOf?.[0] ?? (ownMembers(client).graph_scopes ? settings.graphAudience : []),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, indicator, client) => {
        if (indicator !== settings.graphAudience || !isOfGraph(client)) {
          throw new errors.InvalidTarget();
        }
        return {
          scope: ownMembers(client).graph_scopes ?? '',
          audience: settings.graphAudience,
          accessTokenFormat: 'jwt' as const,
          accessTokenTTL: lifetimes.ACCESS_TOKEN_SECONDS,
          jwt: { sign: { alg: 'ES256' as const } },
        };
      },
    },
  }) satisfies Features;

/** Whether a client has anything to do at the graph: by a scope of it, or by agreements about payments. */
const isOfGraph = (client: object): boolean => {
  const { authorizationDetailsTypes } = client as { authorizationDetailsTypes?: string[] };
  return Boolean(ownMembers(client).graph_scopes) || Boolean(authorizationDetailsTypes?.length);
};

/**
 * Whether a used refresh token gives a new one. Not for clients of the FAPI 2.0 profile, whose tokens are bound to a
 * key and who prove themselves each time (FAPI 2.0 Security Profile §5.3.2.1, 10).
 */
export const rotates: NonNullable<Configuration['rotateRefreshToken']> = ({ oidc }) =>
  profileOf(oidc.client) === undefined;
