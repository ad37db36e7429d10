import type { StoredClient } from '../client/client.ts';

/** What each scope tells of a member (OIDC Core §5.4). */
export const CLAIMS_OF_SCOPES: Record<string, string[]> = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'locale'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
};

/** The scopes that would tell these claims. */
export const scopesTelling = (claims: readonly string[]): string[] =>
  Object.entries(CLAIMS_OF_SCOPES)
    .filter(([, told]) => told.some((claim) => claims.includes(claim)))
    .map(([scope]) => scope);

/**
 * Claims that were asked for one by one (the `claims` parameter, OIDC Core §5.5), by whether the client may be told them: no others than by
 * the scopes it may ask for.
 */
export function judgeClaims(
  { scope }: Pick<StoredClient, 'scope'>,
  claims: Iterable<string>,
): { told: string[]; withheld: string[] } {
  const scopes = scope?.split(' ') ?? Object.keys(CLAIMS_OF_SCOPES);
  const mayBeTold = new Set(scopes.flatMap((each) => CLAIMS_OF_SCOPES[each] ?? []));
  const asked = [...claims];
  return {
    told: asked.filter((claim) => mayBeTold.has(claim)),
    withheld: asked.filter((claim) => !mayBeTold.has(claim)),
  };
}
