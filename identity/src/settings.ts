import { z } from 'zod';
import { clientSetting } from './client/client.ts';
import { externalProviderSetting } from './external-id/external-id.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An origin that may be an issuer: https, or http on this machine alone. No slash at the end. */
const issuerUrl = z.url().refine((text) => {
  const { protocol, hostname, search, hash, pathname } = new URL(text);
  const plain = search === '' && hash === '' && pathname === '/' && !text.endsWith('/');
  return plain && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname)));
}, 'https (http only on localhost), without path and trailing slash');

/** A private key on P-256 with its id. The first signs; the others only verify (rotation). */
const signingKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  alg: z.literal('ES256').default('ES256'),
  use: z.literal('sig').default('sig'),
  kid: z.string().min(1),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

const secret = z.string().min(32);

/** Everything that 7iD is told from outside. No defaults for secrets or hosts. */
export const identitySettings = z
  .strictObject({
    /** The issuer of tokens, and the origin of all pages. */
    issuer: issuerUrl,
    /** The audience of access tokens for the graph. */
    graphAudience: z.url(),
    jwks: z.object({ keys: z.array(signingKey).min(1).max(5) }),
    /** Sign cookies and forms; the first signs, all verify. */
    cookieKeys: z.array(secret).min(1).max(5),
    /** Makes the pairwise `sub` of partner apps; changing it makes every member a stranger to them. */
    pairwiseSecret: secret,
    clients: z.array(clientSetting).max(200),
    externalProviders: z.array(externalProviderSetting).max(10),
    /** The domain that passkeys belong to: the issuer's host, or a parent of it. */
    rpId: z.string().min(1).max(253),
    /** Who brings mails to members, and the secret shared with it. Without it none is sent. */
    mailParty: z.strictObject({ url: z.url(), secret }).optional(),
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
