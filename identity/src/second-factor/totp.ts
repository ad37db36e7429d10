import { Secret, TOTP } from 'otpauth';

const STEP_SECONDS = 30;
const SECRET_BYTES = 20; // RFC 4226 §4 R6
const DRIFT_STEPS = 1; // RFC 6238 §5.2: one step, as telephones keep time

/** A new secret to share with an authenticator app, in base32. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** The address that an authenticator app reads from a QR code. `label` names the account to the member. */
export const totpAddress = (secret: string, label: string): string =>
  totpOf(secret, label).toString();

/**
 * The time step that a code of six digits belongs to, or null when it is of none near this instant. A step is used
 * once: the caller keeps it and takes no code of it, or of one before, again (RFC 6238 §5.2).
 */
export function totpStep(secret: string, code: string, at: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const timestamp = at.getTime();
  const drift = totpOf(secret, '').validate({ token: code, timestamp, window: DRIFT_STEPS });
  return drift === null ? null : Math.floor(timestamp / (STEP_SECONDS * 1_000)) + drift;
}

// SHA-1 and six digits: what every authenticator app can do.
const totpOf = (secret: string, label: string) =>
  new TOTP({
    issuer: '7iD',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_SECONDS,
    secret: Secret.fromBase32(secret),
  });
