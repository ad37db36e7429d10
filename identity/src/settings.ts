import { z } from 'zod';
import { testPeopleSetting } from './account/test-people.ts';
import { clientSetting } from './client/client.ts';
import { externalProviderSetting } from './external-id/external-id.ts';
import { originSetting } from './gate/origin.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An origin that may be an issuer: https, or http on this machine alone. No slash at the end. */
const issuerUrl = z.url().refine((text) => {
  const { protocol, hostname, search, hash, pathname } = new URL(text);
  const plain = search === '' && hash === '' && pathname === '/' && !text.endsWith('/');
  return plain && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname)));
}, 'https (http only on localhost), without path and trailing slash');

/** A private key on P-256 with its id. The first signs; the others only verify (rotation). */
const ecKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  alg: z.literal('ES256').default('ES256'),
  use: z.literal('sig').default('sig'),
  kid: z.string().min(1),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

/** A private RSA key: for clients that take nothing but RS256 ID tokens (OIDC Core §15.1). */
const rsaKey = z.looseObject({
  kty: z.literal('RSA'),
  alg: z.literal('RS256').default('RS256'),
  use: z.literal('sig').default('sig'),
  kid: z.string().min(1),
  n: z.string().min(342), // 2048 bits
  e: z.string(),
  d: z.string(),
});
export const signingKey = z.union([ecKey, rsaKey]);
export type SigningKey = z.infer<typeof signingKey>;

const secret = z.string().min(32);
const headerName = z.string().regex(/^[a-z][a-z0-9-]{2,60}$/);

/** Everything that 7iD is told from outside. No defaults for secrets or hosts. */
export const identitySettings = z
  .strictObject({
    /** The issuer of tokens, and the origin of all pages. */
    issuer: issuerUrl,
    /** The audience of access tokens for the graph. */
    graphAudience: z.url(),
    jwks: z.object({
      keys: z
        .array(signingKey)
        .min(1)
        .max(5)
        .refine((keys) => keys.some(({ kty }) => kty === 'EC'), 'at least one key on P-256'),
    }),
    /** Sign cookies and forms; the first signs, all verify. */
    cookieKeys: z.array(secret).min(1).max(5),
    /** Makes the pairwise `sub` of partner apps; changing it makes every member a stranger to them. */
    pairwiseSecret: secret,
    /** Shared with the graph: names there who agreed to a payment. Without it the graph makes no such payment. */
    agreementSecret: secret.optional(),
    /**
     * Seal what must be read again (secrets of authenticator apps) and name what must not (codes). The first seals,
     * all open; the first alone names, so that a new first one voids recovery codes.
     */
    credentialSecrets: z.array(secret).min(1).max(5),
    /** The carrier of mail and SMS, and the secret shared with it. */
    messageCarrier: z.strictObject({ url: z.url(), secret }),
    clients: z.array(clientSetting).max(200),
    /**
     * Hosts (`host:port`) that we call by ourselves, and that may stand in our own network: for logout tokens, pings
     * and lists of clients. Nothing else is ever told anything.
     */
    outgoingHosts: z.array(z.string().min(1).max(260)).max(200).default([]),
    /**
     * Dynamic registration. `token`: with an initial access token. `open`: for everybody, to be judged by an outside
     * conformance suite and nothing else. `redirectHosts`: the only hosts of redirect URIs; empty: any.
     */
    registration: z
      .strictObject({
        mode: z.enum(['token', 'open']),
        redirectHosts: z.array(z.string().min(1).max(260)).max(100).default([]),
      })
      .optional(),
    /**
     * Where signing keys are kept when they are rotated without a restart: in the database, sealed by the secret, or in a
     * folder that a secret store fills. Without it `jwks` is all there is.
     */
    keyStore: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('database'), secret: z.string().min(32) }),
        z.strictObject({ kind: z.literal('folder'), path: z.string().min(1) }),
      ])
      .optional(),
    externalProviders: z.array(externalProviderSetting).max(10),
    /** The domain that passkeys belong to: the issuer's host, or a parent of it. */
    rpId: z.string().min(1).max(253),
    /** Where requests come from, as cut-offs name it. */
    origin: originSetting.prefault({}),
    /**
     * The headers by which the edge tells about client certificates; only with an edge that overwrites both on every
     * request. Without it there are no client certificates, whatever a request says.
     */
    clientCertificates: z
      .strictObject({ certificate: headerName, verified: headerName })
      .optional(),
    /** A file of breached passwords (password/breached-file.ts). Without it none is known. */
    breachedPasswordsFile: z.string().min(1).optional(),
    /** Who may log in to apps that nobody has approved yet. */
    testPeople: testPeopleSetting.prefault({}),
    /** Where pages point to for help. */
    pageLinks: z.strictObject({ help: z.url().optional() }).default({}),
  })
  .refine(
    ({ issuer, rpId }) => {
      const { hostname } = new URL(issuer);
      return hostname === rpId || hostname.endsWith(`.${rpId}`);
    },
    { path: ['rpId'], message: "is the issuer's host or a parent of it" },
  );

/** Settings as read. */
export type IdentitySettings = z.infer<typeof identitySettings>;
/** Settings as given: what has a default may be left out. */
export type IdentitySettingsInput = z.input<typeof identitySettings>;
