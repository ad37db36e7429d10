import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isRequestId, type Log, newRequestId } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Subgraph } from './define-subgraph.ts';
import { EVENT_STREAM } from './subscriptions/event-stream.ts';
import { serveEvents } from './subscriptions/serve-events.ts';
import { type InternalKey, viewerReader } from './internal-identity.ts';

const LARGEST_BODY = 2_000_000;

/**
 * Serves a subgraph over HTTP to the gateway alone: without an internal token for this very subgraph there is
 * no answer, `_service` and `_entities` included. `GET /health` answers anybody who can reach the port.
 */
export function serveSubgraph(
  subgraph: Subgraph,
  options: { key: InternalKey; clock: Clock; log: Log },
): RequestListener {
  const readViewer = viewerReader(options.key, { subgraph: subgraph.name, clock: options.clock });
  return (request, response) => {
    answer(subgraph, readViewer, request, response).catch((error: unknown) => {
      options.log.error('subgraph.failed', { subgraph: subgraph.name, cause: error });
      if (!response.headersSent) send(response, 500, fault('INTERNAL', 'internal error'));
    });
  };
}

async function answer(
  subgraph: Subgraph,
  readViewer: ReturnType<typeof viewerReader>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET' && request.url === '/health') {
    send(response, 200, { status: 'up', subgraph: subgraph.name });
    return;
  }
  if (request.method !== 'POST' || request.url !== '/graphql') {
    send(response, 404, fault('NOT_FOUND', 'POST /graphql'));
    return;
  }
  const token = /^Bearer ([\w.-]{20,8192})$/.exec(request.headers.authorization ?? '')?.[1];
  const known = token === undefined ? undefined : await readViewer(token);
  if (!known) {
    send(response, 401, fault('UNAUTHENTICATED', 'only the gateway may ask'));
    return;
  }
  const body = await readJson(request);
  if (!body || typeof body.query !== 'string') {
    send(response, 400, fault('BAD_REQUEST', 'a JSON body with a query is expected'));
    return;
  }
  const header = String(request.headers['x-request-id']);
  const viewer = { ...known, requestId: isRequestId(header) ? header : newRequestId() };
  const { query, variables, operationName } = body;
  const asked = { query, variables, operationName };
  if (request.headers.accept === EVENT_STREAM && subgraph.subscribe) {
    await serveEvents(subgraph.subscribe, { asked, viewer }, { request, response });
    return;
  }
  send(response, 200, await subgraph.execute(asked, viewer));
}

interface Body {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

async function readJson(request: IncomingMessage): Promise<Body | undefined> {
  const bytes = await readBytes(request);
  if (!bytes) return undefined;
  try {
    return JSON.parse(bytes.toString()) as Body;
  } catch {
    return undefined;
  }
}

/** The bytes of a body; nothing if they are too many. */
function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= LARGEST_BODY) return;
      request.off('data', take).pause();
      resolve(undefined);
    };
    const gone = () => reject(new Error('the sender has gone'));
    request.on('data', take).once('error', reject).once('close', gone);
    request.once('end', () => {
      request.off('close', gone);
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    });
  });
}

const fault = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  const headers = ['content-type', 'application/json', 'content-length', String(length)];
  if (!response.req.complete) headers.push('connection', 'close'); // a body that was too large is not waited for
  // A text of ASCII alone has the same bytes in both, and is written without being looked through.
  response.writeHead(status, headers).end(text, length === text.length ? 'latin1' : 'utf8');
}
