import { consume, type Consumer } from '@7pay/events';
import type { Locale } from '@7pay/refusals';
import { z } from 'zod';
import type { MemberStore } from '../account/member.store.ts';
import type { TellContacts } from '../not-me/tell-contacts.ts';
import { newDeviceMessage } from './new-device-message.ts';

const newDevice = z.object({
  memberId: z.string().regex(/^mem_[0-9a-z_]{1,64}$/),
  clientId: z.string().min(1).max(200),
  loggedInAt: z.iso.datetime(),
  country: z.string().length(2).optional(),
  network: z.string().max(40).optional(),
  agent: z.string().max(40).optional(),
});

/** A login from a new device is told to every verified contact of its member, once each however often the event is heard. */
export const tellNewDevice = (deps: {
  members: Pick<MemberStore, 'find'>;
  clientName: (clientId: string, locale: Locale) => Promise<string | null>;
  tellContacts: TellContacts;
}): Consumer =>
  consume<unknown>('identity.device.new.v1', async ({ id, at, body }) => {
    const { members, clientName } = deps;
    const { memberId, clientId, ...told } = newDevice.parse(body);
    const member = await members.find(memberId);
    if (!member) return;
    const { locale } = member;
    const appName = (await clientName(clientId, locale)) ?? clientId;
    const loggedInAt = new Date(told.loggedInAt);
    const event = { id, at: new Date(at), memberId, since: loggedInAt, by: [] };
    await deps.tellContacts({ ...event, kind: 'DEVICE' }, (link) =>
      newDeviceMessage({ ...told, appName, loggedInAt }, { locale, link }),
    );
  });
