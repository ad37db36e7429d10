import type { Clock } from '@7pay/time';
import { z } from 'zod';
import { askParty, type PartySettings } from './ask-party.ts';

/** A mail or an SMS to one recipient. */
export interface Message {
  /** Follows from what it tells: the same message again is delivered once. */
  readonly id: string;
  readonly channel: 'mail' | 'sms';
  /** A mail address, or a telephone number in the international form (E.164). */
  readonly to: string;
  /** Of a mail; an SMS has none, and leaves without it. */
  readonly subject: string;
  readonly text: string;
}

/** What became of a message. After UNKNOWN the same message may be sent again: it is delivered once. */
export type Delivery = 'SENT' | 'REFUSED' | 'UNKNOWN';

/** Carries messages to people. */
export interface Messenger {
  send(message: Message): Promise<Delivery>;
}

const answerBody = z.object({ delivery: z.enum(['SENT', 'REFUSED']) });

/** The carrier of mail and SMS over signed HTTP: `PUT /messages/<id>`. */
export const httpMessenger = (carrier: PartySettings, clock: Clock): Messenger => ({
  send: async ({ id, ...message }) => {
    const body = message.channel === 'sms' ? { ...message, subject: '' } : message;
    const answer = await askParty(carrier, clock, { path: `/messages/${id}`, body });
    if (answer.outcome === 'UNKNOWN') return 'UNKNOWN';
    const read = answerBody.safeParse(answer.body);
    if (answer.status >= 400 && answer.status < 500) return 'REFUSED';
    return answer.status === 200 && read.success ? read.data.delivery : 'UNKNOWN';
  },
});
