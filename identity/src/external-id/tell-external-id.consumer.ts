import { consume, type Consumer } from '@7pay/events';
import { digest } from '@7pay/ids';
import type { Log } from '@7pay/telemetry';
import type { Messenger } from '@7pay/world';
import type { MemberStore } from '../account/member.store.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import { assertAnswered, sendToContacts } from '../contact/send-to-contacts.ts';
import { externalIdChanged } from './changed.ts';
import { externalIdMessage } from './external-id-message.ts';
import type { ExternalProviders } from './external-providers.ts';

/** That an external ID was linked or unlinked is told to every verified contact, once each however often the event is heard. */
export const tellExternalId = (deps: {
  members: Pick<MemberStore, 'find'>;
  contacts: Pick<ContactStore, 'verifiedOf'>;
  providers: Pick<ExternalProviders, 'find'>;
  messenger: Messenger;
  log: Log;
}): Consumer =>
  consume<unknown>('identity.external-id.changed.v1', async ({ id, body }) => {
    const { members, contacts, providers, messenger, log } = deps;
    const { memberId, provider, change } = externalIdChanged.parse(body);
    const member = await members.find(memberId);
    if (!member) return;
    const { locale } = member;
    const name = providers.find(provider)?.name[locale] ?? provider;
    const message = externalIdMessage({ change, name }, locale);
    const told = await sendToContacts(
      messenger,
      await contacts.verifiedOf(memberId),
      async ({ channel, address }) => ({ id: digest(`${id}|${channel}|${address}`), ...message }),
    );
    for (const each of told) log.info('external_id.told', { memberId, ...each });
    assertAnswered(told);
  });
