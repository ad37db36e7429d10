import { createHmac, hkdfSync } from 'node:crypto';

/** How long one set of time digits is shown. */
export const STEP_SECONDS = 30;
const DIGITS = 10_000;

/** The step in which an instant lies. */
export const stepOf = (at: Date): number => Math.floor(at.getTime() / (STEP_SECONDS * 1_000));

/**
 * The four time digits of a handle in each step: HMAC-SHA-256 of the step (8 bytes, big endian) with a key of this handle
 * alone, HKDF (RFC 5869) of what device and platform agreed; the first six bytes of it, modulo 10,000.
 */
export function timeDigits(
  agreed: Uint8Array,
  { deviceId, handle }: { deviceId: string; handle: string },
): (step: number) => string {
  const info = `7pay payment code 2 ${deviceId}`;
  const key = Buffer.from(hkdfSync('sha256', agreed, handle, info, 32));
  return (step) => {
    const message = Buffer.alloc(8);
    message.writeBigUInt64BE(BigInt(Math.max(0, step)));
    const mac = createHmac('sha256', key).update(message).digest();
    return String(mac.readUIntBE(0, 6) % DIGITS).padStart(4, '0');
  };
}
