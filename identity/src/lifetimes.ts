/** How long things live, in seconds. */
const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** An access token. Short: nobody can call it back, and gateways know of an end for a little longer (ENDED_LOGIN_SECONDS). */
export const ACCESS_TOKEN_SECONDS = 5 * MINUTE;
export const AUTHORIZATION_CODE_SECONDS = MINUTE;
/** The code on a screen: as long as a person needs to find their phone (RFC 8628 §6.1). */
export const DEVICE_CODE_SECONDS = 10 * MINUTE;
/** A till waits for the member's answer at most this long. */
export const APPROVAL_SECONDS = 5 * MINUTE;
export const INTERACTION_SECONDS = 60 * MINUTE;
export const ID_TOKEN_SECONDS = 10 * MINUTE;

/** A session ends after this long without use ... */
export const SESSION_SECONDS_IDLE = 14 * DAY;
/** ... and after this long in any case (ASVS 5.0 §7.3.2): the library alone would let it slide for ever. */
export const SESSION_SECONDS_MAX = 30 * DAY;

/** A chain of refresh tokens, from its first token: rotation never makes it longer. */
export const REFRESH_SECONDS = 14 * DAY;

/**
 * A grant outlives every refresh token that can rest on it: one made on the last day of the longest
 * session. The library's own default kills refresh chains in their middle.
 */
export const GRANT_SECONDS = SESSION_SECONDS_MAX + REFRESH_SECONDS + DAY;

/** What is left of a session's absolute lifetime, at least a second. */
export function sessionSeconds(loginTs: number | undefined, nowSeconds: number): number {
  if (loginTs === undefined) return SESSION_SECONDS_IDLE;
  const left = loginTs + SESSION_SECONDS_MAX - nowSeconds;
  return Math.max(1, Math.min(SESSION_SECONDS_IDLE, left));
}
