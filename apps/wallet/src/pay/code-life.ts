/** A code with the moment it arrived, in milliseconds of a clock that only goes forward. */
export interface LivingCode {
  readonly code: string;
  readonly arrivedAt: number;
  /** How long it is shown, in milliseconds: what the platform says, not what the phone's clock says. */
  readonly life: number;
}

/** A new code is fetched this long before the old one ends, so that the screen is never empty. */
export const renewBeforeMs = 6_000;

/** Whatever the platform says, a code is not shown for longer than its hard limit (5 minutes). */
const lifeMsMax = 300_000;

/** The life of a code that has just arrived. A phone whose clock is wrong counts the same seconds. */
export function startLife(
  code: { code: string; issuedAt: string; expiresAt: string },
  arrivedAt: number,
): LivingCode {
  const life = Date.parse(code.expiresAt) - Date.parse(code.issuedAt);
  return { code: code.code, arrivedAt, life: Math.min(Math.max(life, 0) || 0, lifeMsMax) };
}

/** The whole seconds that are left; 0 when the code must no longer be shown. */
export function secondsLeft(code: LivingCode, now: number): number {
  return Math.max(0, Math.ceil((code.arrivedAt + code.life - now) / 1000));
}

/** Whether it is time to fetch the next code. */
export function isRenewalDue(code: LivingCode, now: number): boolean {
  return now >= code.arrivedAt + code.life - renewBeforeMs;
}
