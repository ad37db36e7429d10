import { type EarlierProof } from '../protocol/still-holds.ts';

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
  readonly exp: number;
  readonly scope: string;
  readonly sid?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly auth_time?: number;
  readonly gen?: number;
  readonly locale?: string;
  readonly act?: Actor;
  readonly authorization_details?: readonly unknown[];
}

export type ExchangeProblem = 'AUDIENCE' | 'SCOPE' | 'ACTORS' | 'NOT_A_LOGIN';

/**
 * What a service gets for the token of a member: never more than the token had, never more than the service may
 * have, for one audience of its list, not longer than the token lasts and at most a minute.
 */
export function judgeExchange(
  subject: SubjectToken,
  client: { clientId: string; audiences: readonly string[]; scopes: readonly string[] },
  wish: { audience: string | undefined; scope: string | undefined },
  nowSeconds: number,
): { audience: string; scope: string; seconds: number; act: Actor } | { problem: ExchangeProblem } {
  const { audience } = wish;
  if (audience === undefined || !client.audiences.includes(audience))
    return { problem: 'AUDIENCE' };
  // A terminal's or a service's own token stands for nobody.
  if (subject.sid === undefined) return { problem: 'NOT_A_LOGIN' };
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

/** The login that the token rests on, for the one question whether it still counts. */
export const loginOfToken = (subject: SubjectToken): EarlierProof => ({
  accountId: subject.sub,
  amr: subject.amr ?? [],
  authTime: subject.auth_time,
  sessionUid: subject.sid,
});
