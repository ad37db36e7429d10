import { hash } from 'node:crypto';
import { openAgreedMember, openSealedLogin, paymentInitiation } from '@7pay/graphql';
import type { Clock } from '@7pay/time';
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';

/** What the token of a partner tells under seal, and any other one in the clear. */
const loginSchema = z.object({
  /** The session of 7iD. */
  sid: z.string().max(100).optional(),
  /** What the member granted the app. */
  gid: z.string().max(100).optional(),
  gen: z.number().int().nonnegative().optional(),
  /** Where the login came from, as cut-offs name it: a class of networks and a country. */
  net: z.string().max(40).optional(),
  cc: z.string().max(2).optional(),
});

const claimsSchema = loginSchema.extend({
  sub: z.string().min(1),
  client_id: z.string().min(1),
  exp: z.number(),
  iat: z.number(),
  scope: z.string().default(''),
  acr: z.string().optional(),
  /** How they logged in; `fed:<provider>` by an external ID. */
  amr: z.array(z.string().max(100)).max(20).optional(),
  auth_time: z.number().optional(),
  /** The rest of the login, for the graph alone (`sealLogin`). */
  login: z.string().max(1_000).optional(),
  roles: z.array(z.string()).max(20).optional(),
  terminal_id: z.string().optional(),
  store_id: z.string().optional(),
  merchant_id: z.string().optional(),
  /** A token with anything else in its place does not hold (docs/identity.md#requests). */
  authorization_details: z.array(paymentInitiation).max(1).optional(),
  /** Who agreed, for the graph alone (`sealAgreedMember`). */
  agreed_by: z.string().max(500).optional(),
  /** The key to which the token is bound (RFC 9449 §6). A token that is bound in another way does not hold here. */
  cnf: z.object({ jkt: z.string().length(43) }).optional(),
});

/** The claims of an access token of 7iD that the graph reads. */
export type AccessTokenClaims = z.infer<typeof claimsSchema>;

/** The claims of a token that holds; undefined for any that does not, whatever is wrong with it. @throws what is wrong with us */
export type VerifyAccessToken = (token: string) => Promise<AccessTokenClaims | undefined>;

const KEPT_TOKENS = 10_000;

/**
 * Verifies access tokens of 7iD (RFC 9068): ES256, type at+jwt, this issuer, this audience, not expired.
 * A verified token is kept under its digest until it expires, so that each is verified once.
 */
export function verifyAccessToken(options: {
  issuer: string;
  audience: string;
  clock: Clock;
  /** The keys of the issuer ({@link issuerKeys}). */
  keys: JWTVerifyGetKey;
  /** Opens what is under seal; without it no token holds that has something under seal. */
  agreementSecret?: string | undefined;
}): VerifyAccessToken {
  const { issuer, audience, clock, keys, agreementSecret } = options;
  const known = new Map<string, AccessTokenClaims>();
  return async (token) => {
    const key = hash('sha256', token, 'base64');
    const now = clock.now();
    const kept = known.get(key);
    if (kept) return kept.exp * 1_000 > now.getTime() ? kept : undefined;
    const claims = await verify(token, { keys, issuer, audience, now, agreementSecret });
    if (claims) {
      if (known.size >= KEPT_TOKENS) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
      known.set(key, claims);
    }
    return claims;
  };
}

async function verify(
  token: string,
  expected: {
    keys: JWTVerifyGetKey;
    issuer: string;
    audience: string;
    now: Date;
    agreementSecret: string | undefined;
  },
): Promise<AccessTokenClaims | undefined> {
  try {
    const { payload } = await jwtVerify(token, expected.keys, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: expected.issuer,
      audience: expected.audience,
      currentDate: expected.now,
      requiredClaims: ['exp', 'iat', 'sub', 'client_id'],
    });
    const claims = await opened(claimsSchema.parse(payload), expected.agreementSecret);
    return claims?.authorization_details?.length
      ? await named(claims, expected.agreementSecret)
      : claims;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return undefined;
    throw error; // KeysUnreadable, or a bug
  }
}

/** The claims with the login that is under seal, if one is; undefined when nobody can open it. */
async function opened(
  claims: AccessTokenClaims,
  secret: string | undefined,
): Promise<AccessTokenClaims | undefined> {
  const { login: sealed, ...rest } = claims;
  if (sealed === undefined) return rest;
  if (secret === undefined) return undefined;
  const login = await openSealedLogin(sealed, secret);
  return login === undefined ? undefined : { ...rest, ...loginSchema.parse(login) };
}

/** The claims with the member who agreed in the clear; undefined when nobody did. */
async function named(
  claims: AccessTokenClaims,
  secret: string | undefined,
): Promise<AccessTokenClaims | undefined> {
  const { agreed_by: sealed } = claims;
  if (sealed === undefined || secret === undefined) return undefined;
  const memberId = await openAgreedMember(sealed, secret);
  return memberId === undefined ? undefined : { ...claims, agreed_by: memberId };
}
