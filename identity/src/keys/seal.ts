import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const keyOf = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '7iD', purpose, 32));

/**
 * Encrypts a text for ourselves (AES-256-GCM under a key made from a secret of the settings). The purpose is part
 * of the key: what was sealed for one cannot be opened for another.
 */
export function seal(text: string, secret: string, purpose: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, purpose), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/**
 * Opens what {@link seal} made, with the first of the secrets that fits.
 * @throws Error when none does
 */
export function unseal(sealed: string, secrets: readonly string[], purpose: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  for (const secret of secrets) {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      keyOf(secret, purpose),
      bytes.subarray(0, 12),
      { authTagLength: 16 },
    );
    try {
      decipher.setAuthTag(bytes.subarray(12, 28));
      const opened = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
      return opened.toString('utf8');
    } catch {
      // another secret may fit
    }
  }
  throw new Error(`nothing here opens what was sealed for ${purpose}`);
}
