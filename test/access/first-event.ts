import { openEvents } from '@7pay/testing';
import type { Answer } from './ask.ts';

/** Whether a document subscribes. */
export const isSubscription = (query: string): boolean => query.startsWith('subscription');

/** The first answer of a subscription: how things stand, or why it is refused. */
export async function firstEvent(
  url: string,
  asked: { query: string; variables?: Record<string, unknown> },
  token: string | undefined,
): Promise<{ status: number; answer: Answer }> {
  const client = await openEvents(url, asked, token === undefined ? {} : { token });
  const isStream = client.headers.get('content-type')?.startsWith('text/event-stream');
  const answer: unknown = isStream ? await client.answer() : await client.json();
  client.close();
  return { status: client.status, answer: answer as Answer };
}
