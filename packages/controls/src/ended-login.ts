import type { LoginStop } from './judge.ts';
import type { LoginFacts } from './login-facts.ts';

/** What has ended at 7iD while access tokens that rest on it may be out. */
export type EndedLogin =
  /** A session: it was logged out of, or somebody ended it. */
  | { readonly kind: 'SESSION'; readonly sessionUid: string }
  /** What one app was given by one login: its token was revoked, or a used code or token came back. */
  | { readonly kind: 'GRANT'; readonly grantId: string }
  /** Every login of a member made before. */
  | { readonly kind: 'MEMBER'; readonly memberId: string }
  /** Every token of a client given out before. */
  | { readonly kind: 'CLIENT'; readonly clientId: string };

/** How long an end is told, in seconds: longer than any access token of the graph holds. */
export const ENDED_LOGIN_SECONDS = 6 * 60;

/** An end as one text, under which it is looked for. */
export function keyOfEnd(ended: EndedLogin): string {
  switch (ended.kind) {
    case 'SESSION':
      return `session|${ended.sessionUid}`;
    case 'GRANT':
      return `grant|${ended.grantId}`;
    case 'MEMBER':
      return `member|${ended.memberId}`;
    case 'CLIENT':
      return `client|${ended.clientId}`;
  }
}

/** Everything by which a token could be over, under the keys of {@link keyOfEnd}. */
export const endsOf = ({ sessionUid, grantId, memberId, clientId }: LoginFacts): string[] => [
  ...(sessionUid === undefined ? [] : [keyOfEnd({ kind: 'SESSION', sessionUid })]),
  ...(grantId === undefined ? [] : [keyOfEnd({ kind: 'GRANT', grantId })]),
  ...(memberId === undefined ? [] : [keyOfEnd({ kind: 'MEMBER', memberId })]),
  ...(clientId === undefined ? [] : [keyOfEnd({ kind: 'CLIENT', clientId })]),
];

/**
 * The end that the login behind a token has come to, if any. Sessions and grants never begin again. A member logs in again, and
 * a client may be let in again: of these only what was made before has ended, by whole seconds, as 7iD counts itself.
 * @param ends what has ended and when, by {@link keyOfEnd}
 */
export function endOf(
  facts: LoginFacts,
  ends: ReadonlyMap<string, { readonly at: Date }>,
): LoginStop | undefined {
  if (ends.size === 0) return undefined;
  const { sessionUid, grantId, memberId, clientId, atSeconds = 0, issuedAtSeconds = 0 } = facts;
  const whenEnded = (ended: EndedLogin) => ends.get(keyOfEnd(ended))?.at;
  const notBefore = (seconds: number, at: Date | undefined) =>
    at && Math.floor(at.getTime() / 1_000) >= seconds ? at : undefined;
  const at =
    (sessionUid === undefined ? undefined : whenEnded({ kind: 'SESSION', sessionUid })) ??
    (grantId === undefined ? undefined : whenEnded({ kind: 'GRANT', grantId })) ??
    (memberId === undefined
      ? undefined
      : notBefore(atSeconds + 1, whenEnded({ kind: 'MEMBER', memberId }))) ??
    // Given out in the very second of the end is before it: whoever is let in again renews the token.
    (clientId === undefined
      ? undefined
      : notBefore(issuedAtSeconds, whenEnded({ kind: 'CLIENT', clientId })));
  return at && { by: 'ended', since: at, reason: null };
}
