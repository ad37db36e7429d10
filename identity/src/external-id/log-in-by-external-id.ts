import {
  type Controls,
  type ControlsRefusal,
  externalLoginSwitches,
  externalMethod,
  type LoginFacts,
} from '@7pay/controls';
import { isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { RegisterMember, RegisterRefusal } from '../account/register-member.ts';
import type { Gate } from '../gate/gate.ts';
import type { Login } from '../login/login.ts';
import { acrOf, type ExternalIdRefusal, type ExternalProvider } from './external-id.ts';
import type { ExternalIdStore } from './external-id.store.ts';
import type { Assertion, ExternalProviders } from './external-providers.ts';

export interface LogInByExternalId {
  /** Where to send the person. */
  begin(
    provider: ExternalProvider,
    uid: string,
  ): Promise<URL | Refused<ControlsRefusal | ExternalIdRefusal>>;
  /** The person came back. A first login registers a member with the provider's name for them. */
  finish(
    provider: ExternalProvider,
    back: { uid: string; answer: URLSearchParams; locale: Locale; facts: LoginFacts },
  ): Promise<
    Login | Refused<ControlsRefusal | ExternalIdRefusal | RegisterRefusal | 'LOGIN_STOPPED'>
  >;
}

/** How long a person may take at a provider. */
export const AWAY_MINUTES = 15;

/** The one redirect URI of a provider. */
export const externalRedirectUri = (issuer: string, providerKey: string): string =>
  `${issuer}/external/${providerKey}/callback`;

/** Logging in by an external ID. Nothing a browser sends names a person: only the provider's signature does. */
export function logInByExternalId(deps: {
  providers: ExternalProviders;
  externalIds: ExternalIdStore;
  register: RegisterMember;
  controls: Controls;
  gate: Gate;
  clock: Clock;
  issuer: string;
}): LogInByExternalId {
  const { providers, externalIds, register, controls, gate, clock, issuer } = deps;

  // The one place where the switches of external logins are enforced, on the way out and on the way in.
  const guard = ({ key }: ExternalProvider) => controls.guard(...externalLoginSwitches(key));

  const memberOf = async (provider: ExternalProvider, assertion: Assertion, locale: Locale) => {
    const { issuer: at, subject, name } = assertion;
    const known = await externalIds.find(at, subject);
    if (known) return { memberId: known.memberId };
    const linkedAt = clock.now();
    const made = await register({
      mail: null, // never taken from the provider: an address is no proof of being its owner here
      displayName: name?.trim() || provider.name[locale],
      password: null,
      locale,
      alongside: (session, memberId) =>
        externalIds.insert(
          { issuer: at, subject, provider: provider.key, memberId, linkedAt },
          session,
        ),
    });
    if (!isRefused(made) || made.refused !== 'REGISTRATION_REFUSED') return made;
    const meanwhile = await externalIds.find(at, subject); // in another tab
    return meanwhile ? { memberId: meanwhile.memberId } : made;
  };

  return {
    begin: async (provider, uid) => {
      const allowed = guard(provider);
      if (isRefused(allowed)) return allowed;
      const redirectUri = externalRedirectUri(issuer, provider.key);
      const request = await providers.request(provider, redirectUri, uid);
      if (isRefused(request)) return request;
      const { url, ...expected } = request;
      const until = new Date(clock.now().getTime() + AWAY_MINUTES * 60_000);
      await externalIds.wait({ uid, provider: provider.key, ...expected }, until);
      return url;
    },

    finish: async (provider, { uid, answer, locale, facts }) => {
      const expected = await externalIds.take(answer.get('state') ?? '', clock.now());
      if (!expected || expected.uid !== uid || expected.provider !== provider.key) {
        return refuse('EXTERNAL_ID_REJECTED');
      }
      const redirectUri = externalRedirectUri(issuer, provider.key);
      const at = clock.now();
      const assertion = await providers.redeem(provider, { redirectUri, answer, expected });
      if (isRefused(assertion)) return assertion;
      const allowed = guard(provider);
      if (isRefused(allowed)) return allowed;
      const stopped = gate.admit('external-callback', facts); // before a member is registered by it
      if (stopped) return stopped;

      const member = await memberOf(provider, assertion, locale);
      if (isRefused(member)) return member;
      await externalIds.used(assertion, at);
      return {
        memberId: member.memberId,
        acr: acrOf(provider, assertion.acr),
        amr: [externalMethod(provider.key)],
        at,
      };
    },
  };
}
