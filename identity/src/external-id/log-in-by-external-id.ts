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
import type { FirstLoginStore } from './first-login.store.ts';

type Refusal = ControlsRefusal | ExternalIdRefusal | 'LOGIN_STOPPED';

export interface LogInByExternalId {
  /** Where to send the person. */
  begin(
    provider: ExternalProvider,
    uid: string,
  ): Promise<URL | Refused<ControlsRefusal | ExternalIdRefusal>>;
  /** The person came back. FIRST: this external ID belongs to nobody yet, and the person says who they are here. */
  finish(
    provider: ExternalProvider,
    back: { uid: string; answer: URLSearchParams; facts: LoginFacts },
  ): Promise<Login | 'FIRST' | Refused<Refusal>>;
  /** What to call the person whose first login waits; null when none does. */
  nameOf(provider: ExternalProvider, uid: string): Promise<{ name: string | null } | null>;
  /** The person is new here: registers a member with the external ID that was proven, and logs them in. */
  register(
    provider: ExternalProvider,
    person: { uid: string; displayName: string; locale: Locale; facts: LoginFacts },
  ): Promise<Login | Refused<Refusal | RegisterRefusal>>;
}

/** How long a person may take at a provider, and again to say whether they are new here. */
export const AWAY_MINUTES = 15;

/** The one redirect URI of a provider. */
export const externalRedirectUri = (issuer: string, providerKey: string): string =>
  `${issuer}/external/${providerKey}/callback`;

/**
 * Logging in by an external ID. Nothing a browser sends names a person: only the provider's signature does. An ID that belongs to nobody
 * makes no member by itself, whatever mail address comes with it: who has a 7iD already would stand before an empty one.
 */
export function logInByExternalId(deps: {
  providers: ExternalProviders;
  externalIds: ExternalIdStore;
  firstLogins: FirstLoginStore;
  register: RegisterMember;
  controls: Controls;
  gate: Gate;
  clock: Clock;
  issuer: string;
}): LogInByExternalId {
  const { providers, externalIds, firstLogins, controls, gate, clock, issuer } = deps;

  // The one place where the switches of external logins are enforced, on the way out and on the way in.
  const guard = ({ key }: ExternalProvider) => controls.guard(...externalLoginSwitches(key));
  const later = () => new Date(clock.now().getTime() + AWAY_MINUTES * 60_000);

  const loggedIn = async (
    provider: ExternalProvider,
    memberId: string,
    proven: Assertion & { at: Date },
  ): Promise<Login> => {
    await externalIds.used(proven, proven.at);
    const { at, acr } = proven;
    return { memberId, acr: acrOf(provider, acr), amr: [externalMethod(provider.key)], at };
  };

  return {
    begin: async (provider, uid) => {
      const allowed = guard(provider);
      if (isRefused(allowed)) return allowed;
      const redirectUri = externalRedirectUri(issuer, provider.key);
      const request = await providers.request(provider, redirectUri, uid);
      if (isRefused(request)) return request;
      const { url, ...expected } = request;
      await externalIds.wait({ uid, provider: provider.key, ...expected }, later());
      return url;
    },

    finish: async (provider, { uid, answer, facts }) => {
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
      const stopped = gate.admit('external-callback', facts); // before a member is looked for by it
      if (stopped) return stopped;

      const known = await externalIds.find(assertion.issuer, assertion.subject);
      if (known) return loggedIn(provider, known.memberId, { ...assertion, at });
      await firstLogins.wait({ ...assertion, uid, provider: provider.key, at }, later());
      return 'FIRST';
    },

    nameOf: async ({ key }, uid) => firstLogins.find(uid, key, clock.now()),

    register: async (provider, { uid, displayName, locale, facts }) => {
      const allowed = guard(provider);
      if (isRefused(allowed)) return allowed;
      const stopped = gate.admit('registration', facts);
      if (stopped) return stopped;
      const first = await firstLogins.take(uid, provider.key, clock.now());
      if (!first) return refuse('EXTERNAL_ID_REJECTED');
      const { issuer: at, subject } = first;
      const linkedAt = clock.now();
      const made = await deps.register({
        mail: null, // never taken from the provider: an address is no proof of being its owner here
        displayName,
        password: null,
        locale,
        alongside: (session, memberId) =>
          externalIds.insert(
            { issuer: at, subject, provider: provider.key, memberId, linkedAt },
            session,
          ),
      });
      if (!isRefused(made)) return loggedIn(provider, made.memberId, first);
      const meanwhile = await externalIds.find(at, subject); // in another tab
      if (meanwhile) return loggedIn(provider, meanwhile.memberId, first);
      await firstLogins.wait(first, later()); // a name that does not do may be typed again
      return made;
    },
  };
}
