import { z } from 'zod';

// A dot or a dollar would be a path of the database; RFC 6749 allows nearly anything.
export const clientId = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/);
const webAddress = z
  .url({ protocol: /^https?$/ })
  .refine((uri) => !uri.includes('#'), 'no fragment');
const memberScope = z.enum(['account', 'wallet', 'points', 'refund', 'merchant']);
const secret = z.string().min(32).max(200);

/** Public keys of a client, each for signatures alone. */
const publicKeys = z.strictObject({
  keys: z
    .array(
      z
        .looseObject({ kty: z.enum(['EC', 'RSA', 'OKP']) })
        .refine((key) => !('d' in key), 'a client gives its public keys alone'),
    )
    .min(1)
    .max(5),
});

/** How a client proves that it is itself at our endpoints. */
const authentication = z.discriminatedUnion('method', [
  z.strictObject({ method: z.enum(['client_secret_basic', 'client_secret_post']), secret }),
  /** RFC 7523: an assertion signed by its own key. */
  z.strictObject({ method: z.literal('private_key_jwt'), jwks: publicKeys }),
  /** RFC 8705 §2.1: a certificate of a known authority, known by its subject (RFC 4514). */
  z.strictObject({ method: z.literal('tls_client_auth'), subjectDn: z.string().min(3).max(300) }),
  /** RFC 8705 §2.2: its own certificate, in `x5c` of its keys. */
  z.strictObject({ method: z.literal('self_signed_tls_client_auth'), jwks: publicKeys }),
]);
export type ClientAuthentication = z.infer<typeof authentication>;

const name = z.object({ ja: z.string().min(1).max(60), en: z.string().min(1).max(60) });
/** Whether its tokens are bound to a key of the browser or phone (RFC 9449): whoever copies one cannot use it. */
const boundTokens = z.boolean().default(true);
const common = {
  clientId,
  name,
  /** Compared character by character (RFC 9700 §2.1). */
  redirectUris: z.array(webAddress).min(1).max(10),
  postLogoutRedirectUris: z.array(webAddress).max(10).default([]),
  /** Told when a session ends; its host must be among `outgoingHosts`. */
  backchannelLogoutUri: webAddress.optional(),
};

/** One app, as the settings name it. */
export const clientSetting = z.discriminatedUnion('kind', [
  /** An app of the group in a browser or on a phone: public, PKCE, no consent page. */
  z.strictObject({
    kind: z.literal('group-app'),
    ...common,
    boundTokens,
    graphScopes: z.array(memberScope).min(1),
  }),
  /** A partner's server: its own pairwise `sub` for each member, a consent page. */
  z
    .strictObject({
      kind: z.literal('partner-app'),
      ...common,
      /** Short for `authentication` with `client_secret_basic`. */
      clientSecret: secret.optional(),
      authentication: authentication.optional(),
      graphScopes: z.array(memberScope).default([]),
      /** What it says of its handling of data, and its terms: linked where members agree. */
      policyUri: webAddress.optional(),
      termsUri: webAddress.optional(),
      /** What it may ask about a member. */
      claimScopes: z.array(z.enum(['profile', 'email', 'phone'])).default(['profile']),
      /** `fapi2`: the FAPI 2.0 Security Profile, enforced as a whole (client/security-profile.ts). */
      profile: z.enum(['fapi2']).optional(),
      /** Takes signed request objects alone (FAPI 2.0 Message Signing). */
      signedRequests: z.boolean().default(false),
      /** Whether it may ask a member to agree to one payment (RFC 9396). */
      payments: z.boolean().default(false),
      /** `optional` for an outside conformance suite, whose requests have none; never with a profile. */
      pkce: z.enum(['required', 'optional']).default('required'),
      subjectType: z.enum(['pairwise', 'public']).default('pairwise'),
      /** Its sector, when its redirect URIs are on several hosts (OIDC Core §8.1). */
      sectorIdentifierUri: webAddress.optional(),
    })
    .refine(
      ({ clientSecret, authentication: given }) =>
        (clientSecret === undefined) !== (given === undefined),
      'exactly one of clientSecret and authentication',
    ),
  /** The operations console: public, a second factor always, roles in the token. */
  z.strictObject({
    kind: z.literal('operator-console'),
    ...common,
    boundTokens,
    graphScopes: z.array(z.enum(['operations', ...memberScope.options])).default(['operations']),
  }),
  /** A screen without a keyboard, in a shop or on a wall: the device flow, and nothing else (RFC 8628). */
  z.strictObject({
    kind: z.literal('device-app'),
    clientId,
    name,
    graphScopes: z.array(memberScope).min(1),
  }),
  /** A till or an ATM that has the member approve on their own phone (OpenID CIBA). */
  z.strictObject({
    kind: z.literal('approval-app'),
    clientId,
    name,
    jwks: publicKeys,
    graphScopes: z.array(memberScope).min(1),
    /** Where it is told that an answer waits; without one it asks. Its host must be among `outgoingHosts`. */
    notificationEndpoint: webAddress.optional(),
  }),
  /** A service that acts for a member towards another one, with less than it was given (RFC 8693). */
  z.strictObject({
    kind: z.literal('service'),
    clientId,
    name,
    jwks: publicKeys,
    /** Audiences that it may get a token for; never the one it was called with. */
    exchangeAudiences: z.array(z.url()).max(10).default([]),
    exchangeScopes: z.array(memberScope).max(4).default([]),
    /** Whether it may ask if a token of another client holds (RFC 7662). */
    introspects: z.boolean().default(false),
  }),
]);
export type ClientSetting = z.infer<typeof clientSetting>;
export type PartnerSetting = Extract<ClientSetting, { kind: 'partner-app' }>;
