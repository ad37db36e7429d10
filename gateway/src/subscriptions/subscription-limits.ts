/** What subscriptions may hold, and for how long. Source: docs/adr/0021-subscriptions.md */
export interface SubscriptionLimits {
  /** Streams of one caller. */
  readonly perCaller: number;
  /** Streams of this process. */
  readonly perProcess: number;
  /** Milliseconds that a stream lives at most. */
  readonly lifeMs: number;
  /** Milliseconds between two signs of life. */
  readonly heartbeatMs: number;
  /** Bytes that a client may leave unread. */
  readonly unreadBytes: number;
  /** Milliseconds that a source may be away before its stream ends. */
  readonly awayMs: number;
  /** Milliseconds for which the id of an event can be come back with. */
  readonly cursorMs: number;
  /** How often ends and signs of life are looked after, milliseconds. */
  readonly lookMs: number;
}

export const SUBSCRIPTION_LIMITS: SubscriptionLimits = {
  perCaller: 10,
  perProcess: 5_000,
  lifeMs: 15 * 60_000,
  heartbeatMs: 15_000,
  unreadBytes: 256_000,
  awayMs: 60_000,
  cursorMs: 10 * 60_000,
  lookMs: 500,
};
