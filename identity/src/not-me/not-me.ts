import { createHmac } from 'node:crypto';
import { digest } from '@7pay/ids';
import type { Contact } from '../contact/contact.ts';

/** What a member can say of a notice, without logging in: this was not me. One for each message. */
export interface NotMe {
  readonly memberId: string;
  readonly kind: NotMeKind;
  /** When that happened which was told. */
  readonly since: Date;
  /** The contacts whose codes it was proven by, by id; none for a login. */
  readonly by: readonly string[];
}
export type NotMeKind = 'DEVICE' | 'RECOVERY';

/** How long the link of a notice is good for. */
export const NOT_ME_DAYS = 7;

/**
 * The token in the link of one message. It follows from the event and the contact, so that a message which is sent again is the
 * same one; nobody can make it without the secret of the installation.
 */
export const notMeToken = (
  eventId: string,
  { channel, address }: Pick<Contact, 'channel' | 'address'>,
  secret: string,
): string =>
  createHmac('sha256', secret)
    .update(`not-me|${eventId}|${channel}|${address}`)
    .digest('base64url');

/** What is kept of a token. */
export const notMeKey = (token: string): string => digest(token);

/** What locks a member: this report, and what a recovery proved while its own link is good. */
export function lockedBy(reported: NotMe, recoveries: readonly NotMe[]) {
  const all = [reported, ...recoveries];
  return {
    since: new Date(Math.min(...all.map(({ since }) => since.getTime()))),
    without: [...new Set(all.flatMap(({ by }) => by))],
  };
}
