import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { merkleRoot } from './merkle.ts';

/** A stretch of the journal in the order in which it was committed, closed for ever. */
export interface Seal {
  /** 1, 2, 3 … without a gap. */
  readonly n: number;
  readonly at: Date;
  /** The ids of its entries, in order. */
  readonly entries: readonly string[];
  /** How many entries are sealed by all seals up to this one. */
  readonly total: number;
  /** Over the hashes of its entries. */
  readonly root: string;
  /** The hash of the seal before; empty for the first. */
  readonly prev: string;
  readonly hash: string;
  /** Which key signed: the first characters of its SHA-256. */
  readonly keyId: string;
  /** Ed25519 over the hash, base64url. */
  readonly signature: string;
}

/** The key of the house for seals and exports. Ed25519. */
export interface SealKey {
  readonly privateKey: KeyObject;
  readonly keyId: string;
}

/** Names a public key: SHA-256 of its SPKI form, 16 characters of base64url. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64url').slice(0, 16);
}

export const sealKey = (privateKey: KeyObject): SealKey => ({
  privateKey,
  keyId: keyIdOf(privateKey),
});

/** The seal key of a private JWK. @throws Error when it is none of Ed25519 */
export function sealKeyOf(jwk: JsonWebKey): SealKey {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('a seal key is one of Ed25519');
  return sealKey(privateKey);
}

/** Public keys by the ids that seals name them by. */
export const publicKeysOf = (keys: readonly KeyObject[]): ReadonlyMap<string, KeyObject> =>
  new Map(keys.map((key) => [keyIdOf(key), key.type === 'private' ? createPublicKey(key) : key]));

/** An Ed25519 signature of a text, base64url. */
export const signText = (text: string, { privateKey }: SealKey): string =>
  sign(null, Buffer.from(text), privateKey).toString('base64url');

/** Whether the holder of the key signed the text. A signature has one spelling, the shortest. */
export function isSigned(text: string, signature: string, publicKey: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.toString('base64url') !== signature) return false;
  return verify(null, Buffer.from(text), publicKey, bytes);
}

/** The hash of a seal: over all that it says, the seal before included. */
export const sealHash = ({
  n,
  at,
  entries,
  total,
  root,
  prev,
}: Omit<Seal, 'hash' | 'keyId' | 'signature'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify(['seal', 1, String(n), at.toISOString(), entries, String(total), root, prev]),
    )
    .digest('base64url');

/** Closes a stretch of entries behind the seal before; `hashes` are those of the entries, in the same order. */
export function makeSeal(
  before: Pick<Seal, 'n' | 'total' | 'hash'> | null,
  { ids, hashes, at }: { ids: readonly string[]; hashes: readonly string[]; at: Date },
  key: SealKey,
): Seal {
  const said = {
    n: (before?.n ?? 0) + 1,
    at,
    entries: ids,
    total: (before?.total ?? 0) + ids.length,
    root: merkleRoot(hashes),
    prev: before?.hash ?? '',
  };
  const hash = sealHash(said);
  return { ...said, hash, keyId: key.keyId, signature: signText(hash, key) };
}

/**
 * What is wrong with a seal, given the one before it and the hashes of its entries as they are now. Without keys the
 * signature is not looked at.
 */
export function sealFaults(
  seal: Seal,
  before: Pick<Seal, 'n' | 'total' | 'hash'> | null,
  hashes: readonly string[],
  publicKeys: ReadonlyMap<string, KeyObject> | undefined,
): string[] {
  const faults: string[] = [];
  const name = `seal ${seal.n}`;
  if (seal.n !== (before?.n ?? 0) + 1) faults.push(`${name} does not follow ${before?.n ?? 0}`);
  if (seal.prev !== (before?.hash ?? '')) faults.push(`${name} names another seal before it`);
  if (seal.total !== (before?.total ?? 0) + seal.entries.length) {
    faults.push(`${name} counts ${seal.total} entries`);
  }
  if (seal.root !== merkleRoot(hashes)) faults.push(`${name} was made over other entries`);
  if (seal.hash !== sealHash(seal)) faults.push(`${name} is not what was hashed`);
  if (!publicKeys) return faults;
  const key = publicKeys.get(seal.keyId);
  if (!key) faults.push(`${name} was signed with a key that is not known here`);
  else if (!isSigned(seal.hash, seal.signature, key)) faults.push(`${name} was not signed`);
  return faults;
}
