import type { Delivery, Message, Messenger } from '@7pay/world';
import type { Contact } from './contact.ts';

type Address = Pick<Contact, 'channel' | 'address'>;

/** What became of a message to one contact. */
export interface ContactDelivery {
  readonly channel: Contact['channel'];
  readonly delivery: Delivery;
}

/** Sends each contact its message, one after another, and tells what became of them. */
export async function sendToContacts(
  messenger: Messenger,
  contacts: readonly Address[],
  messageFor: (contact: Address) => Promise<Omit<Message, 'channel' | 'to'>>,
): Promise<ContactDelivery[]> {
  const deliveries: ContactDelivery[] = [];
  for (const { channel, address } of contacts) {
    const message = await messageFor({ channel, address });
    const delivery = await messenger.send({ ...message, channel, to: address });
    deliveries.push({ channel, delivery });
  }
  return deliveries;
}

/** @throws Error when the carrier gave no answer for one: all are asked for again, and each message is delivered once */
export function assertAnswered(deliveries: readonly ContactDelivery[]): void {
  if (deliveries.some(({ delivery }) => delivery === 'UNKNOWN')) {
    throw new Error('the carrier of messages gives no answer');
  }
}
