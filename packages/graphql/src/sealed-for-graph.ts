import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** A secret of 7iD and the gateway, and what is sealed by it: what is sealed for one purpose does not open for another. */
export interface Sealing {
  readonly secret: string;
  readonly purpose: string;
}

/** Writes a text into a token that a partner can read, for the graph alone: other letters each time. */
export async function sealForGraph(text: string, sealing: Sealing): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const sealed = new CompactEncrypt(bytes).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' });
  return sealed.encrypt(keyFrom(sealing));
}

/** What {@link sealForGraph} wrote; undefined for anything else. */
export async function openForGraph(sealed: string, sealing: Sealing): Promise<string | undefined> {
  const allowed = {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  };
  try {
    const { plaintext } = await compactDecrypt(sealed, keyFrom(sealing), allowed);
    return new TextDecoder().decode(plaintext);
  } catch {
    return undefined;
  }
}

const keyFrom = ({ secret, purpose }: Sealing): Uint8Array =>
  createHash('sha256').update(`${purpose}|${secret}`).digest();
