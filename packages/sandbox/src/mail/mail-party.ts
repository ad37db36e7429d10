import type { RequestListener } from 'node:http';
import type { Clock } from '@7pay/time';
import { answerParty } from '@7pay/world';

/** A mail as it was taken; nothing leaves this machine. */
export interface TakenMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Plays the party that brings mails to people: it keeps them, each id once. */
export interface MailParty {
  readonly handler: RequestListener;
  mails(): readonly TakenMail[];
  /** The next so many requests are answered 503 and keep nothing. */
  fail(times: number): void;
}

const KEPT_MOST = 10_000;

export function createMailParty({ secret, clock }: { secret: string; clock: Clock }): MailParty {
  const kept = new Map<string, TakenMail>();
  let failures = 0;
  const handler = answerParty(
    { secret, clock },
    async ({ path, body }) => {
      if (failures > 0) {
        failures -= 1;
        return { status: 503, body: { error: 'try again' } };
      }
      const id = decodeURIComponent(/^\/mails\/([\w:%.-]{1,300})$/.exec(path)?.[1] ?? '');
      if (!id || !isMail(body)) return { status: 400, body: { error: 'a mail is expected' } };
      const { to, subject, text } = body;
      if (!kept.has(id) && kept.size < KEPT_MOST) kept.set(id, { id, to, subject, text });
      return { status: 200, body: { id } };
    },
    () => {},
  );
  return { handler, mails: () => [...kept.values()], fail: (times) => void (failures = times) };
}

const isMail = (body: unknown): body is Omit<TakenMail, 'id'> =>
  typeof body === 'object' &&
  body !== null &&
  ['to', 'subject', 'text'].every(
    (name) => typeof (body as Record<string, unknown>)[name] === 'string',
  );
