/** Tries before we give up: over about four hours. */
export const TRIES_MAX = 14;
const WAIT_SECONDS_MAX = 3_600;

/** A notice to a client that may not act now: it waits, and the try is not counted. */
export class ClientStopped extends Error {
  override readonly name = 'ClientStopped';
}

/** A client that is stopped is looked at again after this long, in seconds. */
export const STOPPED_WAIT_SECONDS = WAIT_SECONDS_MAX;

/** How long a deliverer may hold a notice, in seconds; longer than a delivery takes at most. */
export const CLAIM_SECONDS = 30;

/** What is told to a client: that a session ended, or that an answer waits for it. */
export type NoticeKind = 'logout' | 'ping';

/** A delivery that a client is owed. */
export interface Notice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly clientId: string;
  readonly uri: string;
  /** What it is about; kept sealed. */
  readonly facts: Readonly<Record<string, string>>;
  /** Tries so far, this one included. */
  readonly tries: number;
}

/**
 * When the next try is due after this many failed ones: 2, 4, 8 … seconds, at most an hour. After the last
 * one the notice is dead: kept for people to see, and tried no more by itself.
 */
export function nextTry(tries: number): { waitSeconds: number } | 'DEAD' {
  if (tries >= TRIES_MAX) return 'DEAD';
  return { waitSeconds: Math.min(2 ** tries, WAIT_SECONDS_MAX) };
}
