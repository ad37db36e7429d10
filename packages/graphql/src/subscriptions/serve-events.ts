import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SubgraphRequest } from '../execute.ts';
import type { Viewer } from '../viewer.ts';
import { EVENT_STREAM, eventText, heartbeatText } from './event-stream.ts';
import type { Subscribe, SubscriptionItem } from './subscribe.ts';

/** What one gateway may leave unread, bytes. It is told by its queue before, and comes back. */
const MOST_UNREAD = 4_000_000;
const CURSOR = /^[\w.~-]{0,1024}$/;

/** Serves a subscription to the gateway as server-sent events, until either of them goes. */
export async function serveEvents(
  subscribe: Subscribe,
  { asked, viewer }: { asked: SubgraphRequest; viewer: Viewer },
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const given = request.headers['last-event-id'];
  // What is no cursor resumes from nowhere: the present, and the remark that there is a gap.
  const after = typeof given !== 'string' ? undefined : CURSOR.test(given) ? given : '';
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'content-type': EVENT_STREAM, 'cache-control': 'no-store' });
  response.flushHeaders();
  for await (const item of subscribe(asked, viewer, { after, signal: gone.signal })) {
    response.write(textOf(item));
    if (response.writableLength > MOST_UNREAD) response.destroy();
    if (gone.signal.aborted) return;
  }
  response.end(eventText({ event: 'complete', data: '{}' }));
}

const textOf = ({ result, cursor, gap }: SubscriptionItem): string =>
  result
    ? eventText({ event: gap ? 'gap' : 'next', data: JSON.stringify(result), id: cursor })
    : heartbeatText(cursor);
