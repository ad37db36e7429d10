/** Services behind one another: more than this and nobody can tell any more who acts for whom. */
export const ACTORS_MAX = 3;
/** A token of an exchange is for the call at hand. */
export const EXCHANGED_SECONDS_MAX = 60;

/** Who acts (RFC 8693 §4.1), the newest outside. */
export interface Actor {
  readonly sub: string;
  readonly act?: Actor;
}

/** What our access tokens say, as far as an exchange needs it. */
export interface SubjectToken {
  readonly sub: string;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly scope: string;
  /** None when its session has ended that it outlives. */
  readonly sid?: string;
  /** What the member granted the app; a terminal's or a service's own token has none. */
  readonly gid?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly auth_time?: number;
  readonly gen?: number;
  readonly net?: string;
  readonly cc?: string;
  readonly locale?: string;
  readonly act?: Actor;
  readonly authorization_details?: readonly unknown[];
}

export type ExchangeProblem = 'AUDIENCE' | 'SCOPE' | 'ACTORS';

/**
 * What a service gets for the token of a member: never more than the token had, never more than the service may
 * have, for one audience of its list, not longer than the token lasts and at most a minute.
 */
export function judgeExchange(
  subject: Pick<SubjectToken, 'exp' | 'scope' | 'act'>,
  client: { clientId: string; audiences: readonly string[]; scopes: readonly string[] },
  wish: { audience: string | undefined; scope: string | undefined },
  nowSeconds: number,
): { audience: string; scope: string; seconds: number; act: Actor } | { problem: ExchangeProblem } {
  const { audience } = wish;
  if (audience === undefined || !client.audiences.includes(audience))
    return { problem: 'AUDIENCE' };
  const had = new Set(subject.scope.split(' '));
  const asked = wish.scope?.split(' ') ?? client.scopes;
  const may = asked.filter((scope) => had.has(scope) && client.scopes.includes(scope));
  const refused = wish.scope !== undefined && may.length !== asked.length;
  if (refused || may.length === 0) return { problem: 'SCOPE' };
  const act = { sub: client.clientId, ...(subject.act && { act: subject.act }) };
  if (countActors(act) > ACTORS_MAX) return { problem: 'ACTORS' };
  const seconds = Math.min(EXCHANGED_SECONDS_MAX, subject.exp - nowSeconds);
  return { audience, scope: may.join(' '), seconds: Math.max(1, seconds), act };
}

const countActors = (act: Actor | undefined): number => (act ? 1 + countActors(act.act) : 0);
