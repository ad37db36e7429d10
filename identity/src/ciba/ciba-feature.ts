import { isRefused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { type Configuration, errors } from 'oidc-provider';
import { canonicalMail } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { WindowCounts } from '../one-time-code/window-count.store.ts';
import { admitApproval } from './admit-approval.ts';
import { requiredAcr } from './approval.ts';
import type { ApprovalStore } from './approval.store.ts';
import { nobodyOf } from './nobody.ts';

type Ciba = NonNullable<NonNullable<Configuration['features']>['ciba']>;

/** Longer than any sentence that a till has to show, and no room for another message in it. */
const BINDING_MESSAGE = /^[\p{L}\p{N}\p{Zs}.,:/_+#-]{1,40}$/u;

/** Requests of one client in a minute, whoever they are for: a till of a whole chain may be one client. */
export const REQUESTS_PER_MINUTE = 1_200;
const MINUTE = 60_000;

/**
 * A till or an ATM asks, the member approves on their own phone (OpenID CIBA Core 1.0), by poll and ping. The
 * request waits on the page of ciba/approval-routes.tsx. One for a login ID of nobody waits as well, where nobody sees it: whether there
 * is a member is not told.
 */
export const cibaFeature = (deps: {
  members: MemberStore;
  approvals: ApprovalStore;
  counts: WindowCounts;
  /** Names nobody (ciba/nobody.ts). */
  secret: string;
  clock: Clock;
}) => ({
  ciba: {
    enabled: true,
    deliveryModes: ['poll', 'ping'],
    processLoginHint: async (_ctx, hint) => {
      const mail = canonicalMail(hint ?? '');
      if (isRefused(mail)) return undefined; // no login ID at all: unknown_user_id tells nothing of anybody
      const nobody = nobodyOf(mail, deps.secret);
      return (await deps.members.findCredentials(mail))?.member.id ?? nobody;
    },
    processLoginHintToken: () => {
      throw new errors.InvalidRequest('login_hint_token is not taken here');
    },
    // There is no user code: the member proves themselves on their own phone. It is asked for every account, before anything is
    // kept, so what one client may ask for is counted here.
    verifyUserCode: async ({ oidc }) => {
      const now = deps.clock.now();
      const id = deps.counts.idOf(`ciba|${oidc.client?.clientId}`, now, MINUTE);
      if (await deps.counts.take(id, now, { sent: { $lt: REQUESTS_PER_MINUTE } })) return;
      throw new errors.TemporarilyUnavailable('too many requests of this client in a minute');
    },
    validateBindingMessage: (_ctx, message) => {
      if (message !== undefined && !BINDING_MESSAGE.test(message)) {
        throw new errors.InvalidBindingMessage(
          'binding_message: 1 to 40 letters, digits and .,:/_+#-',
        );
      }
    },
    validateRequestContext: (_ctx, context) => {
      if (context !== undefined)
        throw new errors.InvalidRequest('request_context is not taken here');
    },
    triggerAuthenticationDevice: async (_ctx, request, account, client) => {
      const { acr_values: acrValues, binding_message: message } = request.params ?? {};
      const scopes = [...request.scopes];
      const acr = requiredAcr(scopes, acrValues);
      if (acr === 'UNKNOWN') throw new errors.InvalidRequest('none of the acr values is known');
      // Nobody's phone can be flooded until they press a button.
      const isAdmitted = await admitApproval(deps)(account.accountId, deps.clock.now());
      if (!isAdmitted) throw new errors.AccessDenied('too many requests wait');
      await deps.approvals.add({
        accountId: account.accountId,
        clientId: client.clientId,
        requestId: request.jti,
        scopes,
        bindingMessage: typeof message === 'string' ? message : null,
        acr,
        askedAt: deps.clock.now(),
        expiresAt: new Date(deps.clock.now().getTime() + request.expiration * 1_000),
      });
    },
  } satisfies Ciba,
});
