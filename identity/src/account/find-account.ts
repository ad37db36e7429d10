import type { FindAccount } from 'oidc-provider';
import type { Gate, HeldToken } from '../gate/gate.ts';
import type { MemberStore } from './member.store.ts';

/**
 * Finds the account of a subject. With a token, its login must still hold: when it was cut off, or the provider
 * of an external login stopped, refreshing answers `invalid_grant` and userinfo 401. Without one (an authorization request) the
 * login prompt judges the session instead, because an account that vanishes there ends in an error 500.
 */
export const findAccount =
  (members: MemberStore, gate: Gate): FindAccount =>
  async (ctx, sub, token) => {
    const member = await members.find(sub);
    if (!member) return undefined;
    if (token && !(await gate.loginStillHolds(ctx, token as HeldToken, member))) return undefined;
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
