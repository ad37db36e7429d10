import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '@7pay/time';
import { signMessage, verifyMessage } from './signature.ts';

/** What an outside party asks of us; its signature holds. */
export interface PartyCall {
  readonly path: string;
  readonly body: unknown;
}

/** What it is answered. */
export interface PartyReply {
  readonly status: number;
  readonly body: object;
}

/** The secret shared with the party. */
export interface PartyKey {
  readonly secret: string;
  readonly clock: Clock;
  /** Signs the answers in place of the secret: the sandbox plays parties that sign wrongly. */
  readonly signWith?: () => string;
}

const LARGEST_BODY = 10_000;

/**
 * The other direction of `askParty`: an outside party asks us by an idempotent PUT. What is not signed by it is
 * answered 401 and reaches nobody; our answers are signed too. A failure is 500, so that it asks again.
 */
export const answerParty =
  (
    party: PartyKey,
    answer: (call: PartyCall) => Promise<PartyReply>,
    onFailure: (cause: unknown) => void,
  ): RequestListener =>
  (request, response) => {
    const path = request.url ?? '';
    const reply = (given: PartyReply) => send(party, response, { path, ...given });
    judge(party, request, path)
      .then((call) => ('status' in call ? call : answer(call)))
      .then(reply)
      .catch((cause: unknown) => {
        onFailure(cause);
        if (response.headersSent) response.destroy();
        else reply({ status: 500, body: { error: 'try again' } });
      });
  };

async function judge(
  { secret, clock }: PartyKey,
  request: IncomingMessage,
  path: string,
): Promise<PartyCall | PartyReply> {
  const body = await readBody(request);
  if (body === null) return { status: 413, body: { error: 'too long' } };
  const message = {
    subject: `${request.method} ${path}`,
    timestamp: Number(request.headers['x-timestamp']),
    body,
  };
  const signature = String(request.headers['x-signature'] ?? '');
  if (!verifyMessage(secret, message, signature, clock.now())) {
    return { status: 401, body: { error: 'the signature does not hold' } };
  }
  if (request.method !== 'PUT') return { status: 405, body: { error: 'PUT is expected' } };
  try {
    return { path, body: JSON.parse(body) as unknown };
  } catch {
    return { status: 400, body: { error: 'JSON is expected' } };
  }
}

function send(
  { secret, clock, signWith = () => secret }: PartyKey,
  response: ServerResponse,
  { path, status, body: content }: PartyReply & { readonly path: string },
): void {
  const body = JSON.stringify(content);
  const timestamp = Math.floor(clock.now().getTime() / 1_000);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'x-timestamp': String(timestamp),
      'x-signature': signMessage(signWith(), { subject: `${status} ${path}`, timestamp, body }),
    })
    .end(body);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) return null;
  }
  return text;
}
