import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** What a test changes of a proof that would hold. */
export interface ProofChange {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A device with a key of its own: its thumbprint, and proofs of it for one address. */
export async function aDevice(url: string, now: () => Date) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  let count = 0;
  return {
    jwk,
    privateJwk: await exportJWK(privateKey),
    thumbprint: await calculateJwkThumbprint(jwk, 'sha256'),
    proof: async (token: string, { claims = {}, header = {} }: ProofChange = {}) => {
      const all = {
        htm: 'POST',
        htu: url,
        iat: Math.floor(now().getTime() / 1_000),
        jti: `proof-number-${(count += 1)}`,
        ath: createHash('sha256').update(token).digest('base64url'),
        ...claims,
      };
      return new SignJWT(all)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
        .sign(privateKey);
    },
  };
}
export type Device = Awaited<ReturnType<typeof aDevice>>;
