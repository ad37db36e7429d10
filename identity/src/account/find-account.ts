import { type Controls, loginHasEnded } from '@7pay/controls';
import type { Account, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Member } from './member.ts';
import type { MemberStore } from './member.store.ts';

type Token = Parameters<FindAccount>[2];

/** The member behind an account that {@link findAccount} made. */
export const memberOfAccount = (account: Account | undefined): Member | undefined =>
  account?.['member'] as Member | undefined;

/**
 * Finds the account of a subject. With a token, its login must still hold: when the provider of an external
 * login was stopped, refreshing answers `invalid_grant` and userinfo 401. Without one (an authorization request) the
 * login prompt judges the session instead, because an account that vanishes there ends in an error 500.
 */
export const findAccount =
  (members: MemberStore, controls: Controls): FindAccount =>
  async (ctx, sub, token) => {
    const member = await members.find(sub);
    if (!member) return undefined;
    if (token && loginHasEnded(await loginOf(ctx, token), controls.look)) return undefined;
    return {
      accountId: member.id,
      member,
      claims: () => ({
        sub: member.id,
        name: member.displayName,
        locale: member.locale,
        email: member.mail ?? undefined, // told to nobody without the scope
      }),
    };
  };

// Codes and refresh tokens carry their login; an access token only names the session it came from.
async function loginOf(ctx: KoaContextWithOIDC, token: NonNullable<Token>) {
  const { amr, authTime, sessionUid } = token as {
    amr?: string[];
    authTime?: number;
    sessionUid?: string;
  };
  if (amr !== undefined || sessionUid === undefined) return { amr, atSeconds: authTime };
  const session = await ctx.oidc.provider.Session.findByUid(sessionUid);
  return { amr: session?.amr, atSeconds: session?.loginTs };
}
