import type { Controls } from '@7pay/controls';
import { sealAgreedMember, sealLogin } from '@7pay/graphql';
import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import { memberOfAccount } from '../account/member-of-account.ts';
import { ownMembers } from '../client/client.ts';
import type { Gate } from '../gate/gate.ts';

/**
 * What an access token tells besides the protocol's own claims, so that the gateway can judge without asking:
 * `acr`, `amr`, `auth_time`, `sid` (the session, until it ends), `gid` (the grant), `locale`, `gen` (the generation of the controls at issue), `net` and `cc` (the
 * class of networks and the country that the login came from), `agreed_by` (who agreed to the payment of the token, for the graph alone),
 * `roles` for the console only; for terminals `terminal_id`, `store_id`, `merchant_id`, `gen`. Partners who know a member by a `sub` of
 * their own could find out by a session that theirs is the same one: their tokens have `login` instead, all of it for the graph alone.
 */
export const accessTokenClaims =
  (deps: { controls: Controls; gate: Gate; agreementSecret: string | undefined }) =>
  async (
    ctx: KoaContextWithOIDC,
    token: AccessToken | ClientCredentials,
  ): Promise<Record<string, unknown>> => {
    const { controls, gate, agreementSecret } = deps;
    const { entities, client } = ctx.oidc;
    const { terminal_id, store_id, merchant_id, tells_roles } = ownMembers(client);
    const gen = controls.generation;
    if (token.kind === 'ClientCredentials') return { terminal_id, store_id, merchant_id, gen };

    // An access token knows nothing of the login by itself; the code or refresh token behind it does.
    const source =
      entities.AuthorizationCode ??
      entities.DeviceCode ??
      entities.BackchannelAuthenticationRequest ??
      entities.RotatedRefreshToken ??
      entities.RefreshToken;
    const proof = { acr: source?.acr, amr: source?.amr, auth_time: source?.authTime };
    // Good for userinfo alone, and whoever may ask about it reads what it tells: that is what `openid` tells.
    if (!token.resourceServer) return proof;

    const member = memberOfAccount(entities.Account);
    const judged = gate.judged(ctx);
    const login = {
      sid: (await hasOutlived(ctx, token)) ? undefined : token.sessionUid,
      gid: token.grantId,
      gen,
      net: judged?.network ?? undefined,
      cc: judged?.country ?? undefined,
    };
    const isPairwise = client?.subjectType === 'pairwise';
    const isAgreed = ((token as { rar?: readonly unknown[] }).rar?.length ?? 0) > 0;
    const seals = isAgreed && member && agreementSecret !== undefined;
    return {
      ...proof,
      ...(!isPairwise && { ...login, locale: member?.locale }),
      ...(isPairwise && agreementSecret && { login: await sealLogin(login, agreementSecret) }),
      ...(seals && { agreed_by: await sealAgreedMember(member.id, agreementSecret) }),
      ...(tells_roles && { roles: member?.roles ?? [] }),
    };
  };

/**
 * Whether the session of a token is over that the member let it outlive (`offline_access`). Such a token rests on its grant alone: a session
 * that ended is over for the graph whatever names it (docs/adr/0044-an-end-reaches-the-gateways.md).
 */
async function hasOutlived(
  { oidc }: KoaContextWithOIDC,
  { sessionUid, expiresWithSession, accountId }: AccessToken,
): Promise<boolean> {
  if (sessionUid === undefined || expiresWithSession) return false;
  return (await oidc.provider.Session.findByUid(sessionUid))?.accountId !== accountId;
}
