import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/** A point of P-256, as JWK coordinates (base64url). */
export interface PublicPoint {
  readonly x: string;
  readonly y: string;
}

/** What was agreed with a device: our public part for it, and the secret under seal. */
export interface Agreement {
  readonly serverKey: PublicPoint;
  /** The agreed secret, AES-256-GCM, bound to the id of the device. */
  readonly sealed: string;
}

/** Agrees secrets with devices and opens them again. Nobody reads one from the database without the key. */
export interface DeviceVault {
  /** Agrees a secret with a public key; null when that is no point of the curve. */
  agree(deviceId: string, publicKey: PublicPoint): Agreement | null;
  /** The agreed secret. @throws Error when the seal is broken or of another device */
  open(deviceId: string, sealed: string): Uint8Array;
  /** Under which key a handle is kept: whoever reads the database cannot tell the digits. */
  keyOf(handle: string): string;
}

const COORDINATE = /^[\w-]{43}$/;

/** The vault under one secret of the installation. Another secret opens nothing: devices register again. */
export function deviceVault(secret: string): DeviceVault {
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `7pay ${use}`, 32));
  const sealing = derived('payment device seal');
  const naming = derived('payment handle name');
  return {
    agree: (deviceId, { x, y }) => {
      if (!COORDINATE.test(x) || !COORDINATE.test(y)) return null;
      const point = Buffer.concat([
        Buffer.of(4),
        Buffer.from(x, 'base64url'),
        Buffer.from(y, 'base64url'),
      ]);
      // A pair for this device alone, forgotten here: what is sealed is all that is left of it.
      const pair = createECDH('prime256v1');
      const ours = pair.generateKeys();
      try {
        const agreed = pair.computeSecret(point);
        const iv = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(deviceId));
        const body = Buffer.concat([cipher.update(agreed), cipher.final()]);
        return {
          serverKey: {
            x: ours.subarray(1, 33).toString('base64url'),
            y: ours.subarray(33).toString('base64url'),
          },
          sealed: Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url'),
        };
      } catch {
        return null; // not on the curve
      }
    },
    open: (deviceId, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, 12), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(deviceId))
        .setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    },
    keyOf: (handle) => createHmac('sha256', naming).update(handle).digest('base64url'),
  };
}
