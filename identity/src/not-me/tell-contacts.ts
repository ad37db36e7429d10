import { digest } from '@7pay/ids';
import type { Log } from '@7pay/telemetry';
import type { Message, Messenger } from '@7pay/world';
import type { ContactStore } from '../contact/contact.store.ts';
import { assertAnswered, sendToContacts } from '../contact/send-to-contacts.ts';
import { NOT_ME_DAYS, type NotMe, notMeToken } from './not-me.ts';
import type { NotMeStore } from './not-me.store.ts';

/**
 * Tells all verified contacts of a member what happened, each with a link of its own by which it can be disowned. Told again for
 * the same event, it is the same message with the same link.
 * @throws Error when the carrier gives no answer for one of them: all are asked for again, and delivered once
 */
export type TellContacts = (
  event: { id: string; at: Date } & NotMe,
  message: (link: string) => Pick<Message, 'subject' | 'text'>,
) => Promise<void>;

/** @param secret makes the tokens of the links */
export const tellContacts =
  (deps: {
    contacts: Pick<ContactStore, 'verifiedOf'>;
    tokens: Pick<NotMeStore, 'offer'>;
    messenger: Messenger;
    issuer: string;
    secret: string;
    log: Log;
  }): TellContacts =>
  async ({ id, at, ...notMe }, message) => {
    const { contacts, tokens, messenger, issuer, secret, log } = deps;
    const { memberId, kind } = notMe;
    const until = new Date(at.getTime() + NOT_ME_DAYS * 86_400_000);
    const told = await sendToContacts(
      messenger,
      await contacts.verifiedOf(memberId),
      async ({ channel, address }) => {
        const token = notMeToken(id, { channel, address }, secret);
        await tokens.offer(token, notMe, until);
        const link = `${issuer}/not-me/${token}`;
        return { id: digest(`${id}|${channel}|${address}`), ...message(link) };
      },
    );
    for (const each of told) log.info('contact.told', { memberId, kind, ...each });
    assertAnswered(told);
  };
