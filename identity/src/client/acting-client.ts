import type { StoredClient } from './client.ts';
import { type ClientStanding, stateOf } from './client-standing.ts';
import { workingRedirects } from './new-client.ts';

/** The client as it may act now; none without an address to send people to. */
export function asItMayAct({
  client,
  standing,
}: {
  readonly client: StoredClient;
  readonly standing: ClientStanding;
}): StoredClient | undefined {
  const state = stateOf(standing);
  if (state === 'SUSPENDED') return undefined;
  if (standing.origin !== 'CONSOLE') return client;
  const redirects = workingRedirects(state, client.redirect_uris ?? []);
  if (redirects.length === 0) return undefined;
  return { ...client, redirect_uris: redirects, ...(state === 'TEST' && { in_test: true }) };
}
