import { consume, type Consumer } from '@7pay/events';
import { digest } from '@7pay/ids';
import type { Locale } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Messenger } from '@7pay/world';
import { z } from 'zod';
import type { MemberStore } from '../account/member.store.ts';
import type { ContactStore } from '../contact/contact.store.ts';
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
  contacts: Pick<ContactStore, 'verifiedOf'>;
  clientName: (clientId: string, locale: Locale) => Promise<string | null>;
  messenger: Messenger;
  log: Log;
}): Consumer =>
  consume<unknown>('identity.device.new.v1', async ({ id, body }) => {
    const { members, contacts, clientName, messenger, log } = deps;
    const { memberId, clientId, loggedInAt, ...place } = newDevice.parse(body);
    const member = await members.find(memberId);
    if (!member) return;
    const { locale } = member;
    const appName = (await clientName(clientId, locale)) ?? clientId;
    const message = newDeviceMessage(
      { ...place, appName, loggedInAt: new Date(loggedInAt) },
      locale,
    );
    let unclear = 0;
    for (const { channel, address } of await contacts.verifiedOf(memberId)) {
      const delivery = await messenger.send({
        id: digest(`${id}|${channel}|${address}`),
        channel,
        to: address,
        ...message,
        ...(channel === 'sms' && { subject: '' }),
      });
      if (delivery === 'UNKNOWN') unclear += 1;
      log.info('device.told', { memberId, channel, delivery });
    }
    // All are asked for again; the carrier delivers each message once.
    if (unclear > 0) throw new Error('the carrier of messages gives no answer');
  });
