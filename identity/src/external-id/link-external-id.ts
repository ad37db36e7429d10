import {
  type Controls,
  type ControlsRefusal,
  externalLoginSwitches,
  type LoginFacts,
} from '@7pay/controls';
import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import { isDuplicateKey, type UnitOfWork } from '@7pay/mongo';
import { declareRefusals, isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { Gate } from '../gate/gate.ts';
import type { ExternalIdChanged } from './changed.ts';
import type { ExternalIdRefusal, ExternalProvider } from './external-id.ts';
import type { ExternalIdStore } from './external-id.store.ts';
import { LINKING } from './come-back.ts';
import type { Assertion, ExternalProviders } from './external-providers.ts';
import { AWAY_MINUTES, externalRedirectUri } from './log-in-by-external-id.ts';

declareRefusals('identity/external-id/link-external-id', {
  // One sentence whoever has it: also the person's own other account is not told of here.
  EXTERNAL_ID_TAKEN: {
    ja: 'この外部IDは連携できません。ほかのアカウントを選ぶか、別の提供元をお使いください。',
    en: 'This external ID cannot be linked. Please choose another account there, or another provider.',
  },
  EXTERNAL_ID_OF_PROVIDER_LINKED: {
    ja: 'この提供元の別のIDが連携済みです。先に解除してください。',
    en: 'Another ID of this provider is linked. Please unlink it first.',
  },
});

export type LinkRefusal =
  | ControlsRefusal
  | ExternalIdRefusal
  | 'LOGIN_STOPPED'
  | 'EXTERNAL_ID_TAKEN'
  | 'EXTERNAL_ID_OF_PROVIDER_LINKED';

/** Whose browser it is: a login that was confirmed a moment ago. The caller has made sure of that. */
export interface Linker {
  readonly memberId: string;
  readonly sessionUid: string;
}

/** Linking an external ID to the member who is logged in. There is no other way to link one, and none that takes an id. */
export interface LinkExternalId {
  /** Where to send the person. */
  begin(provider: ExternalProvider, who: Linker): Promise<URL | Refused<LinkRefusal>>;
  /** The person came back, in the same session. Who it is at the provider, the provider alone says. */
  finish(
    provider: ExternalProvider,
    who: Linker,
    back: { answer: URLSearchParams; facts: LoginFacts },
  ): Promise<{ provider: string } | Refused<LinkRefusal>>;
}

export function linkExternalId(deps: {
  unitOfWork: UnitOfWork;
  providers: ExternalProviders;
  externalIds: ExternalIdStore;
  controls: Controls;
  gate: Gate;
  outbox: Outbox;
  clock: Clock;
  ids: IdSource;
  issuer: string;
}): LinkExternalId {
  const { unitOfWork, providers, externalIds, controls, gate, outbox, clock, ids, issuer } = deps;
  const placeOf = ({ memberId, sessionUid }: Linker) => `${LINKING}|${memberId}|${sessionUid}`;

  const link = (provider: string, { issuer: at, subject }: Assertion, { memberId }: Linker) =>
    unitOfWork<{ provider: string } | Refused<LinkRefusal>>(async (session) => {
      const own = (await externalIds.ofMember(memberId, session)).find(
        (one) => one.provider === provider,
      );
      if (own?.issuer === at && own.subject === subject) return { provider }; // nothing to do, and nothing to tell
      if (own) return refuse('EXTERNAL_ID_OF_PROVIDER_LINKED');
      const linkedAt = clock.now();
      const linked = { issuer: at, subject, provider, memberId, linkedAt };
      if (!(await externalIds.insert(linked, session))) return refuse('EXTERNAL_ID_TAKEN');
      const body: ExternalIdChanged = { memberId, provider, change: 'LINKED' };
      const event = { id: ids.next('evt'), name: 'identity.external-id.changed.v1', body };
      await outbox.append(session, { ...event, at: linkedAt.toISOString() });
      return { provider };
    }).catch((error: unknown) => {
      if (isDuplicateKey(error)) return refuse('EXTERNAL_ID_TAKEN'); // in another tab, or by another member
      throw error;
    });

  return {
    begin: async (provider, who) => {
      const allowed = controls.guard(...externalLoginSwitches(provider.key));
      if (isRefused(allowed)) return allowed;
      const redirectUri = externalRedirectUri(issuer, provider.key);
      const request = await providers.request(provider, redirectUri, LINKING);
      if (isRefused(request)) return request;
      const { url, ...expected } = request;
      const until = new Date(clock.now().getTime() + AWAY_MINUTES * 60_000);
      const pending = { uid: placeOf(who), provider: provider.key, ...expected };
      await externalIds.wait(pending, until);
      return url;
    },

    finish: async (provider, who, { answer, facts }) => {
      const expected = await externalIds.take(answer.get('state') ?? '', clock.now());
      if (!expected || expected.uid !== placeOf(who) || expected.provider !== provider.key) {
        return refuse('EXTERNAL_ID_REJECTED');
      }
      const redirectUri = externalRedirectUri(issuer, provider.key);
      const assertion = await providers.redeem(provider, { redirectUri, answer, expected });
      if (isRefused(assertion)) return assertion;
      const allowed = controls.guard(...externalLoginSwitches(provider.key));
      if (isRefused(allowed)) return allowed;
      const stopped = gate.admit('external-callback', facts);
      return stopped ?? link(provider.key, assertion, who);
    },
  };
}
