import { openForGraph, sealForGraph } from './sealed-for-graph.ts';

const purpose = 'login';

/** Of the login behind a token what is the same at every partner, and nothing that a scope tells. Read by cut-offs and ends. */
export interface SealedLogin {
  /** The session of 7iD. */
  readonly sid?: string | undefined;
  /** The grant. */
  readonly gid?: string | undefined;
  /** The generation of the controls. */
  readonly gen?: number | undefined;
  /** The class of networks and the country that it came from. */
  readonly net?: string | undefined;
  readonly cc?: string | undefined;
}

/** Tells the graph alone of a login, in the token of a partner who knows its members by a `sub` of its own (OIDC Core §8.1). */
export const sealLogin = (login: SealedLogin, secret: string): Promise<string> =>
  sealForGraph(JSON.stringify(login), { secret, purpose });

/** What {@link sealLogin} told, to be checked by whoever reads it; undefined for anything else. */
export async function openSealedLogin(sealed: string, secret: string): Promise<unknown> {
  const text = await openForGraph(sealed, { secret, purpose });
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}
