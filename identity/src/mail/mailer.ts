import type { Clock } from '@7pay/time';
import { askParty, type PartySettings } from '@7pay/world';

/** A mail to a member. Its id makes it one mail, however often it is given to the mailer. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Whoever brings mails to people, an outside party. Throws when it is not known that the mail was taken. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** A mailer that is reached by signed HTTP. */
export const httpMailer = (party: PartySettings, clock: Clock): Mailer => ({
  send: async ({ id, ...body }) => {
    const path = `/mails/${encodeURIComponent(id)}`;
    const answer = await askParty(party, clock, { path, body });
    // The reason of a failure names no address: it is what ends up in a log.
    if (answer.outcome === 'UNKNOWN')
      throw new Error(`the mailer gives no answer: ${answer.reason}`);
    if (answer.status !== 200) throw new Error(`the mailer answers ${answer.status}`);
  },
});
