import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { JWK } from 'jose';

/** What is said of a supergraph when it is published. */
export interface Publication {
  /** SHA-256 of the text, 64 hexadecimal digits: the name of the supergraph. */
  readonly digest: string;
  /** SHA-256 of the documents that it was checked with. */
  readonly documents: string;
  /** UTC, ISO 8601. */
  readonly publishedAt: string;
  readonly by: string;
  /** The digest that was published before; null for the first. */
  readonly parent: string | null;
}

export interface SignedPublication {
  readonly publication: Publication;
  /** Ed25519, base64url. */
  readonly signature: string;
}

export type Distrust = 'MISSING' | 'UNSIGNED' | 'WRONG_SIGNATURE' | 'TAMPERED';

/** A supergraph of the store is not what somebody with the key has published. */
export class UntrustedSupergraph extends Error {
  override readonly name = 'UntrustedSupergraph';
  readonly reason: Distrust;
  constructor(reason: Distrust, digest: string) {
    super(`${reason}: the supergraph ${digest.slice(0, 12)} is not trusted`);
    this.reason = reason;
  }
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether a text can be the name of a supergraph. Nothing else is made part of a path. */
export const isDigest = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);

/** Signs a publication with a private JWK (Ed25519). */
export function signPublication(publication: Publication, key: JWK): SignedPublication {
  const privateKey = createPrivateKey({ key: { ...key }, format: 'jwk' });
  const signature = sign(null, signedBytes(publication), privateKey).toString('base64url');
  return { publication, signature };
}

/** @throws UntrustedSupergraph unless the owner of the key has signed exactly this */
export function verifyPublication(
  signed: SignedPublication | undefined,
  digest: string,
  key: JWK,
): Publication {
  const { publication, signature } = signed ?? {};
  if (!publication || typeof signature !== 'string') {
    throw new UntrustedSupergraph('UNSIGNED', digest);
  }
  const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' });
  const isSigned = verify(
    null,
    signedBytes(publication),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned || publication.digest !== digest) {
    throw new UntrustedSupergraph('WRONG_SIGNATURE', digest);
  }
  return publication;
}

// A list has one spelling; the first word keeps the signature from meaning anything else under the same key.
const signedBytes = ({ digest, documents, publishedAt, by, parent }: Publication): Buffer =>
  Buffer.from(JSON.stringify(['7pay-supergraph-v1', digest, documents, publishedAt, by, parent]));
