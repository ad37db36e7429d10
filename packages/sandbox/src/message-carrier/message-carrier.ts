import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '@7pay/time';
import { answerParty, type PartyCall, type PartyReply } from '@7pay/world';
import { z } from 'zod';
import { inboxPage } from './inbox-page.ts';

/** What can go wrong with one message. Each fault is used up by one request. */
export type CarrierFault =
  /** Refuses the recipient. */
  | 'REFUSED'
  /** Answers 503 and delivers nothing. */
  | 'DOWN'
  /** Delivers, and cuts the line. */
  | 'LOST_ANSWER'
  /** Delivers, and signs with another key. */
  | 'WRONG_SIGNATURE';

/** A message as it lies with its recipient. */
export interface DeliveredMessage {
  readonly id: string;
  readonly channel: 'mail' | 'sms';
  readonly to: string;
  /** Empty for SMS. */
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
}

/** The carrier of mail and SMS, played on loopback: it shows what it delivered on a page. */
export interface MessageCarrier {
  readonly handler: RequestListener;
  /** Makes the next requests go wrong, one fault each. */
  fail(...faults: readonly CarrierFault[]): void;
  /** What a recipient got, oldest first. */
  inbox(to: string): readonly DeliveredMessage[];
  /** Everything that was delivered, oldest first. */
  delivered(): readonly DeliveredMessage[];
}

const KEPT = 1_000;
const messageBody = z.strictObject({
  channel: z.enum(['mail', 'sms']),
  to: z.string().min(3).max(254),
  subject: z.string().max(200),
  text: z.string().min(1).max(4_000),
});

/**
 * Plays the carrier: `PUT /messages/<id>` delivers once, however often it is asked; `GET /messages` shows the inbox of
 * everybody, as nobody but a sandbox may. Requests and answers are signed with the shared secret.
 */
export function createMessageCarrier(options: { secret: string; clock: Clock }): MessageCarrier {
  const { secret, clock } = options;
  const delivered = new Map<string, DeliveredMessage>();
  const faults: CarrierFault[] = [];

  const deliver = ({ path, body }: PartyCall): PartyReply => {
    const id = /^\/messages\/([\w-]{1,80})$/.exec(path)?.[1];
    const message = messageBody.safeParse(body);
    if (id === undefined) return { status: 404, body: { error: 'PUT /messages/<id>' } };
    if (!message.success) return { status: 400, body: { error: 'not a message' } };
    const earlier = delivered.get(id);
    if (earlier && (earlier.to !== message.data.to || earlier.text !== message.data.text)) {
      return { status: 409, body: { error: 'another message has this id' } };
    }
    if (!earlier) delivered.set(id, { id, ...message.data, at: clock.now() });
    for (const old of [...delivered.keys()].slice(0, -KEPT)) delivered.delete(old);
    return { status: 200, body: { delivery: 'SENT' } };
  };

  return {
    handler: (request, response) => {
      if (request.method === 'GET') return showInbox(request, response, [...delivered.values()]);
      const fault = faults.shift();
      const wrong = fault === 'WRONG_SIGNATURE';
      answerParty(
        { secret, clock, signWith: () => (wrong ? `${secret}?` : secret) },
        async (call) => {
          if (fault === 'DOWN') return { status: 503, body: { error: 'down' } };
          if (fault === 'REFUSED') return { status: 200, body: { delivery: 'REFUSED' } };
          const reply = deliver(call);
          if (fault === 'LOST_ANSWER') response.destroy();
          return reply;
        },
        () => response.destroy(),
      )(request, response);
    },
    fail: (...more) => void faults.push(...more),
    inbox: (to) => [...delivered.values()].filter((message) => message.to === to),
    delivered: () => [...delivered.values()],
  };
}

function showInbox(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  delivered: readonly DeliveredMessage[],
): void {
  const to = new URL(url, 'http://localhost').searchParams.get('to')?.trim() ?? '';
  const shown = delivered.filter((message) => to === '' || message.to === to).toReversed();
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end(inboxPage(shown.slice(0, 100), to));
}
