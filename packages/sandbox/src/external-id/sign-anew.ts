import { createHash, createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { type ExternalIdFault, falsify } from './faults.ts';

export interface SpoilingKeys {
  readonly alg: 'ES256' | 'RS256' | 'HS256';
  readonly keyId: string;
  readonly signing: KeyObject;
  /** A key of the same kind that the provider does not publish. */
  readonly stranger: KeyObject;
  readonly clientSecret: string;
  readonly nowSeconds: number;
  /** The access token that the ID token names (`at_hash`), if it names one. */
  readonly accessToken: string | undefined;
}

/** Signs an ID token anew: wrong in what the fault says and otherwise as before. */
export async function signAnew(
  token: string,
  fault: ExternalIdFault | null,
  keys: SpoilingKeys,
): Promise<string> {
  const { keyId, signing, stranger, clientSecret } = keys;
  const hash = keys.accessToken === undefined ? {} : { at_hash: leftHalf(keys.accessToken) };
  const right = { ...decodeJwt(token), ...hash };
  const claims = { ...(fault ? falsify(right, fault, keys.nowSeconds) : right) };
  const own = keys.alg === 'HS256' ? 'ES256' : keys.alg;
  const secret = Buffer.from(clientSecret);
  switch (fault) {
    case 'unsigned':
      return new UnsecuredJWT(claims).encode();
    // What a verifier falls for that lets the token choose how its key is used.
    case 'public-key-as-secret': {
      const pem = createPublicKey(signing).export({ type: 'spki', format: 'pem' });
      return hmac(claims, pem);
    }
    case 'secret-as-key':
      return hmac(claims, clientSecret);
    case 'wrong-key':
      return keys.alg === 'HS256'
        ? hmac(claims, `${clientSecret}.`)
        : new SignJWT(claims).setProtectedHeader({ alg: own, kid: keyId }).sign(stranger);
    case 'unknown-key':
      return new SignJWT(claims).setProtectedHeader({ alg: own, kid: 'of-nobody' }).sign(stranger);
    case 'key-in-header': {
      const jwk = createPublicKey(stranger).export({ format: 'jwk' });
      const header = { alg: own, jwk } as { alg: string };
      return new SignJWT(claims).setProtectedHeader(header).sign(stranger);
    }
    default:
      return keys.alg === 'HS256'
        ? new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)
        : new SignJWT(claims).setProtectedHeader({ alg: own, kid: keyId }).sign(signing);
  }
}

const leftHalf = (accessToken: string): string =>
  createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');

// By hand: a library refuses to take a public key for a secret.
function hmac(claims: object, secret: string | Buffer): string {
  const text = [{ alg: 'HS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
