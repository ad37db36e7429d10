import type { Clock } from '@7pay/time';
import { signMessage, verifyMessage } from './signature.ts';

/** How to reach an outside party, and the secret shared with it. */
export interface PartySettings {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

/** What came back: an answer whose signature holds, or nothing that can be relied on. */
export type PartyAnswer =
  | { readonly outcome: 'ANSWERED'; readonly status: number; readonly body: unknown }
  | { readonly outcome: 'UNKNOWN'; readonly reason: string };

const LARGEST_ANSWER = 100_000;

/**
 * Asks an outside party by an idempotent PUT: signed, timed out, tried again. Whatever is slow, down, cut
 * off, too long or wrongly signed is UNKNOWN, never a no: the party may have done what we asked.
 */
export async function askParty(
  party: PartySettings,
  clock: Clock,
  request: { path: string; body: unknown },
): Promise<PartyAnswer> {
  const { timeoutMs = 1_500, attempts = 2 } = party;
  let reason = 'never asked';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      return await askOnce(party, clock, request, timeoutMs);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  return { outcome: 'UNKNOWN', reason };
}

async function askOnce(
  { url, secret }: PartySettings,
  clock: Clock,
  request: { path: string; body: unknown },
  timeoutMs: number,
): Promise<PartyAnswer> {
  const body = JSON.stringify(request.body);
  const timestamp = Math.floor(clock.now().getTime() / 1_000);
  const signature = signMessage(secret, { subject: `PUT ${request.path}`, timestamp, body });
  const response = await fetch(new URL(request.path, url), {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      'x-timestamp': String(timestamp),
      'x-signature': signature,
    },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (text.length > LARGEST_ANSWER) throw new Error('the answer is too long');
  const message = {
    subject: `${response.status} ${request.path}`,
    timestamp: Number(response.headers.get('x-timestamp')),
    body: text,
  };
  if (!verifyMessage(secret, message, response.headers.get('x-signature') ?? '', clock.now())) {
    throw new Error('the answer is not signed by the party');
  }
  if (response.status >= 500) throw new Error(`the party answers ${response.status}`);
  return { outcome: 'ANSWERED', status: response.status, body: JSON.parse(text) as unknown };
}
