import type { Clock } from '@7pay/time';
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { ownMembers } from '../client/client.ts';
import { memberOfAccount } from '../account/member-of-account.ts';
import type { JudgeTester } from '../account/test-people.ts';
import type { Gate } from '../gate/gate.ts';
import { ACR_VALUES, acrLevel, type AcrRequest, requiredAcrLevel } from '../login/acr.ts';
import { SESSION_SECONDS_MAX } from '../lifetimes.ts';

/** Why a logged-in person is asked again; names the page that is shown (see interaction-routes.ts). */
export const ACR_UNMET = 'acr_unmet';
export const LOGIN_ENDED = 'login_ended';
export const NO_TESTER = 'no_tester';

/**
 * When a person is asked to log in, step up or consent: the library's own rules, and two of ours in the
 * login prompt, which comes before everything else.
 */
export function loginPolicy(deps: { gate: Gate; judgeTester: JudgeTester; clock: Clock }) {
  const { gate, judgeTester, clock } = deps;
  const policy = interactionPolicy.base();
  const login = policy.get('login');
  if (!login) throw new Error('the library has no login prompt');

  // Only enforce the essential form, by equality, and loop for ever on an unknown value; ours replaces them.
  login.checks.remove('essential_acr');
  login.checks.remove('essential_acrs');

  login.checks.add(
    new interactionPolicy.Check(
      LOGIN_ENDED,
      'the login of this session has ended',
      'login_required',
      async (ctx) => {
        const { session, account } = ctx.oidc;
        if (!session?.accountId) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        const now = Math.floor(clock.now().getTime() / 1_000);
        // No exemption for a login made a moment ago: one that was finished before the switch
        // and comes back after it must not pass.
        return (
          !account ||
          now - (session.loginTs ?? 0) > SESSION_SECONDS_MAX ||
          !(await gate.sessionHolds(ctx))
        );
      },
    ),
  );
  login.checks.add(
    new interactionPolicy.Check(
      NO_TESTER,
      'the app is being tested, and the person is no test person',
      'login_required',
      ({ oidc: { client, session, account } }) => {
        if (!session?.accountId) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        const { amr = [] } = session;
        return judgeTester(client, { member: memberOfAccount(account), amr }) !== undefined;
      },
    ),
  );
  login.checks.add(
    new interactionPolicy.Check(
      ACR_UNMET,
      'a stronger proof of identity is needed',
      'login_required',
      (ctx) => {
        const required = requiredLevel(ctx);
        const { session } = ctx.oidc;
        if (!session?.accountId) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        return acrLevel(session.acr) < required;
      },
      (ctx) => ({ requiredAcr: ACR_VALUES[requiredLevel(ctx) - 1] }),
    ),
  );
  return policy;
}

function requiredLevel({ oidc }: KoaContextWithOIDC): number {
  const minimum = acrLevel(ownMembers(oidc.client).minimum_acr);
  const byClaim = (oidc.claims?.id_token?.['acr'] ?? undefined) as AcrRequest | undefined;
  const { acr_values: acrValues } = oidc.params ?? {};
  const byParameter = typeof acrValues === 'string' ? { values: acrValues.split(' ') } : undefined;
  const levels = [byClaim, byParameter].map((request) => requiredAcrLevel(request, minimum));
  if (levels.includes('UNKNOWN')) {
    throw new errors.UnmetAuthenticationRequirements('none of the requested acr values is known');
  }
  return Math.max(...levels.map(Number));
}
