import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { ownMembers } from '../client/client.ts';
import { judgeClaims } from './claims-of-scopes.ts';

/**
 * The grant an authorization request goes on with. Apps of the group are given what they ask for (within
 * what their client may have); partners have what the member consented to in this session, or nothing yet.
 */
export async function existingGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { oidc } = ctx;
  const { client, session, account, provider, result } = oidc;
  if (!client || !session || !account) return undefined;
  const id = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const found = id ? await provider.Grant.find(id) : undefined;
  // Somebody else may have logged in since; what they granted is theirs.
  const theirs = found?.accountId === account.accountId ? found : undefined;
  if (!ownMembers(client).first_party) return theirs;

  const { accountId } = account;
  const grant = theirs ?? new provider.Grant({ accountId, clientId: client.clientId });
  const known = () => JSON.stringify([grant.openid, grant.rejected, grant.resources]);
  const before = known();
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  const { told, withheld } = judgeClaims(client, oidc.requestParamClaims);
  grant.addOIDCClaims(told);
  grant.rejectOIDCClaims(withheld);
  for (const [resource, { scopes }] of Object.entries(oidc.resourceServers ?? {})) {
    const asked = [...oidc.requestParamScopes].filter((scope) => scopes.has(scope));
    if (asked.length > 0) grant.addResourceScope(resource, asked.join(' '));
  }
  if (!theirs || known() !== before) await grant.save();
  return grant;
}
