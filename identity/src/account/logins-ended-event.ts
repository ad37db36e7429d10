import type { DomainEvent } from '@7pay/events';

/** What tells everybody else that all logins of a member ended. */
export const LOGINS_ENDED = 'identity.logins.ended.v1';

/** What is told of a member whose logins all ended, and why. */
export const loginsEndedEvent = (
  id: string,
  body: { readonly memberId: string; readonly reason: string },
  at: Date,
): DomainEvent<unknown> => ({ id, name: LOGINS_ENDED, at: at.toISOString(), body });
