import { consume, type Consumer } from '@7pay/events';
import type { Locale } from '@7pay/refusals';
import { z } from 'zod';
import type { MemberStore } from '../account/member.store.ts';
import type { TellContacts } from '../not-me/tell-contacts.ts';
import { recoveredMessage } from './recovered-message.ts';

const recovered = z.object({
  memberId: z.string().regex(/^mem_[0-9a-z_]{1,64}$/),
  clientId: z.string().min(1).max(200),
  recoveredAt: z.iso.datetime(),
  coolsUntil: z.iso.datetime(),
  by: z.array(z.string().max(100)).max(10),
  country: z.string().length(2).optional(),
  network: z.string().max(40).optional(),
  agent: z.string().max(40).optional(),
});

/** A recovered password is told to every verified contact of its member, once each however often the event is heard. */
export const tellRecovered = (deps: {
  members: Pick<MemberStore, 'find'>;
  clientName: (clientId: string, locale: Locale) => Promise<string | null>;
  tellContacts: TellContacts;
}): Consumer =>
  consume<unknown>('identity.password.recovered.v1', async ({ id, at, body }) => {
    const { members, clientName } = deps;
    const { memberId, clientId, by, ...told } = recovered.parse(body);
    const member = await members.find(memberId);
    if (!member) return;
    const { locale } = member;
    const appName = (await clientName(clientId, locale)) ?? clientId;
    const recoveredAt = new Date(told.recoveredAt);
    const coolsUntil = new Date(told.coolsUntil);
    const event = { id, at: new Date(at), memberId, since: recoveredAt, by };
    await deps.tellContacts({ ...event, kind: 'RECOVERY' }, (link) =>
      recoveredMessage({ ...told, appName, recoveredAt, coolsUntil }, { locale, link }),
    );
  });
