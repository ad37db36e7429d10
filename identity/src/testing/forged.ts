import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** A key pair of a client or a device, with its public half as a JWK. */
export async function aKey(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const { ...publicJwk } = await exportJWK(publicKey);
  const kty = publicJwk.kty as 'EC' | 'OKP' | 'RSA';
  const kid = `${alg}-${randomUUID()}`;
  return { privateKey, alg, jwk: { ...publicJwk, kty, alg, use: 'sig', kid } };
}
export type TestKey = Awaited<ReturnType<typeof aKey>>;

const now = () => Math.floor(Date.now() / 1_000);

/** A DPoP proof (RFC 9449 §4.2), as it should be unless told otherwise. */
export async function dpopProof(
  key: TestKey,
  request: { method?: string; url: string; nonce?: string; token?: string },
  wrong: { claims?: JWTPayload; header?: Record<string, unknown> } = {},
): Promise<string> {
  const { kty, crv, x, y } = key.jwk;
  return new SignJWT({
    jti: randomUUID(),
    iat: now(),
    htm: request.method ?? 'POST',
    htu: request.url,
    ...(request.nonce !== undefined && { nonce: request.nonce }),
    ...(request.token !== undefined && {
      ath: createHash('sha256').update(request.token).digest('base64url'),
    }),
    ...wrong.claims,
  })
    .setProtectedHeader({
      alg: key.alg,
      typ: 'dpop+jwt',
      jwk: JSON.parse(JSON.stringify({ kty, crv, x, y })),
      ...wrong.header,
    })
    .sign(key.privateKey);
}

/** A client assertion (RFC 7523 §3), as it should be unless told otherwise. */
export async function clientAssertion(
  key: TestKey,
  who: { clientId: string; audience: string },
  wrong: { claims?: JWTPayload; header?: Record<string, unknown> } = {},
): Promise<string> {
  return new SignJWT({
    iss: who.clientId,
    sub: who.clientId,
    aud: who.audience,
    jti: randomUUID(),
    iat: now(),
    exp: now() + 60,
    ...wrong.claims,
  })
    .setProtectedHeader({ alg: key.alg, ...wrong.header })
    .sign(key.privateKey);
}

/** A request object (RFC 9101 §4), as FAPI 2.0 Message Signing asks for it unless told otherwise. */
export async function requestObject(
  key: TestKey,
  parameters: JWTPayload & { client_id: string },
  audience: string,
  wrong: { claims?: JWTPayload; header?: Record<string, unknown> } = {},
): Promise<string> {
  return new SignJWT({
    iss: parameters.client_id,
    aud: audience,
    iat: now(),
    nbf: now(),
    exp: now() + 300,
    jti: randomUUID(),
    ...parameters,
    ...wrong.claims,
  })
    .setProtectedHeader({ alg: key.alg, typ: 'oauth-authz-req+jwt', ...wrong.header })
    .sign(key.privateKey);
}
