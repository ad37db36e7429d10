/** A point of P-256, as the platform sends and takes it (JWK, base64url). */
export interface PublicPoint {
  readonly x: string;
  readonly y: string;
}

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
const stepMs = 30_000;
/** Issuer and class 2: a code that a device made. */
const prefix = '711000772';

/** The key of this device: its private half cannot be read out, by its making. */
export async function makeDeviceKey(): Promise<{ key: CryptoKey } & PublicPoint> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, ['deriveKey']);
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  if (!x || !y) throw new Error('the browser made a key without coordinates');
  return { key: privateKey, x, y };
}

/** What this device and the platform agree on, as a key that cannot be read out either. */
export async function agreeWith(key: CryptoKey, server: PublicPoint): Promise<CryptoKey> {
  const jwk = { kty: 'EC', crv: 'P-256', ...server };
  const theirs = await crypto.subtle.importKey('jwk', jwk, curve, false, []);
  const agreement = { name: 'ECDH', public: theirs } as const;
  return crypto.subtle.deriveKey(agreement, key, { name: 'HKDF' } as never, false, ['deriveKey']);
}

/** The step of 30 seconds in which a moment lies, and when the next one begins, in milliseconds since 1970. */
export const stepAt = (ms: number): { readonly step: number; readonly endsAt: number } => {
  const step = Math.floor(ms / stepMs);
  return { step, endsAt: (step + 1) * stepMs };
};

/**
 * The 24 digits of a handle in a step: issuer, class, handle, and four digits of an HMAC-SHA-256 over the step with a key of this handle
 * alone (docs/adr/0025-codes-made-by-the-phone-and-bills.md). The platform makes the same and compares.
 */
export async function deviceCode(
  agreed: CryptoKey,
  { deviceId, handle, step }: { deviceId: string; handle: string; step: number },
): Promise<string> {
  const text = new TextEncoder();
  const derivation = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: text.encode(handle),
    info: text.encode(`7pay payment code 2 ${deviceId}`),
  };
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  const key = await crypto.subtle.deriveKey(derivation, agreed, hmac, false, ['sign']);
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, message));
  // The first six bytes as one number: whole and safe in a double.
  const number = mac.getUint16(0) * 2 ** 32 + mac.getUint32(2);
  return `${prefix}${handle}${String(number % 10_000).padStart(4, '0')}`;
}
