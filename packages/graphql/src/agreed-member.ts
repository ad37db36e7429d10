import { openForGraph, sealForGraph } from './sealed-for-graph.ts';

const purpose = 'agreed member';

/**
 * Names, in a token that a partner can read, the member who agreed to a payment: for the graph alone. A partner knows members by
 * a `sub` of its own (OIDC Core §8.1), and what it reads here is other letters each time.
 */
export const sealAgreedMember = (memberId: string, secret: string): Promise<string> =>
  sealForGraph(memberId, { secret, purpose });

/** The member whom {@link sealAgreedMember} named; undefined for anything else. */
export const openAgreedMember = (sealed: string, secret: string): Promise<string | undefined> =>
  openForGraph(sealed, { secret, purpose });
