/** Something that happened, told to whoever listens. `name` ends in its version: `merchant.store.opened.v1`. */
export interface DomainEvent<Body = unknown> {
  readonly id: string;
  readonly name: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly body: Body;
}

/** One listener: the event it hears and what it does. Events come at least once and in the order of each feed. */
export interface Consumer {
  readonly event: string;
  handle(event: DomainEvent<never>): Promise<void>;
}

/**
 * Hears one event. The effect must be idempotent: record the event in an {@link Inbox} inside the
 * transaction of the effect, or write by an id that the event carries.
 */
export function consume<Body>(
  name: string,
  handle: (event: DomainEvent<Body>) => Promise<void>,
): Consumer {
  return { event: name, handle: handle as Consumer['handle'] };
}

/** Thrown by a consumer whose function operators have stopped: the event stays and comes again until it is open. */
export class HandlerClosed extends Error {
  override readonly name = 'HandlerClosed';
}
