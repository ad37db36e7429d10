import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/**
 * Names, in a token that a partner can read, the member who agreed to a payment: for the graph alone. A partner knows members by
 * a `sub` of its own (OIDC Core §8.1), and what it reads here is other letters each time.
 */
export async function sealAgreedMember(memberId: string, secret: string): Promise<string> {
  const text = new TextEncoder().encode(memberId);
  const sealing = new CompactEncrypt(text).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' });
  return sealing.encrypt(keyFrom(secret));
}

/** The member whom {@link sealAgreedMember} named; undefined for anything else. */
export async function openAgreedMember(
  sealed: string,
  secret: string,
): Promise<string | undefined> {
  const allowed = {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  };
  try {
    const { plaintext } = await compactDecrypt(sealed, keyFrom(secret), allowed);
    return new TextDecoder().decode(plaintext);
  } catch {
    return undefined;
  }
}

const keyFrom = (secret: string): Uint8Array =>
  createHash('sha256').update(`agreed member|${secret}`).digest();
