import { createHmac } from 'node:crypto';
import type { FindAccount } from 'oidc-provider';

const PREFIX = 'nobody_';

/**
 * The account under which a request for the login ID of nobody waits. The same login ID has the same one, so that the limits of what
 * waits hold as for a member; the secret keeps the login ID out of the database. No member's id begins like this.
 */
export const nobodyOf = (loginId: string, secret: string): string =>
  PREFIX + createHmac('sha256', secret).update(`ciba|${loginId}`).digest('base64url');

const isNobody = (accountId: string): boolean => accountId.startsWith(PREFIX);

/** Finds nobody as well, where a till asks for a member and nowhere else: no page and no token ever has this account. */
export const orNobody =
  (find: FindAccount): FindAccount =>
  async (ctx, accountId, token) => {
    const found = await find(ctx, accountId, token);
    const asked = ctx.oidc.route === 'backchannel_authentication' && token === undefined;
    if (found || !asked || !isNobody(accountId)) return found;
    return { accountId, claims: () => ({ sub: accountId }) };
  };
