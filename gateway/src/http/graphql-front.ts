import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import { isRequestId, newRequestId, type Log } from '@7pay/telemetry';
import { GraphQLError } from 'graphql';
import type { GatewayLimits } from '../config.ts';
import type { GatewayContext } from '../gateway.ts';
import { deadlineIn } from '../reach/deadline.ts';
import { TokenRefused } from '../token/token-refused.ts';
import type { ReadViewer } from '../viewer.ts';
import { corsHeaders, isPreflight } from './cors.ts';
import { BodyFault, readJsonBody } from './read-json-body.ts';

interface FrontOptions {
  readonly readViewer: ReadViewer;
  readonly allowedOrigins: readonly string[];
  readonly limits: GatewayLimits;
  readonly log: Log;
}

/** GraphQL over HTTP: every answer is JSON, faults of the body included. */
export function graphqlFront(
  server: ApolloServer<GatewayContext>,
  options: FrontOptions,
): RequestListener {
  return (request, response) => {
    const header = request.headers['x-request-id'];
    const given = Array.isArray(header) ? header[0] : header;
    const requestId = isRequestId(given) ? given : newRequestId();
    response.setHeader('x-request-id', requestId);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    for (const [name, value] of corsHeaders(request, options.allowedOrigins)) {
      response.setHeader(name, value);
    }
    answer(server, options, { request, response, requestId }).catch((error: unknown) => {
      options.log.error('front.failed', { reference: requestId, cause: error });
      sendFault(response, 500, 'INTERNAL', 'internal error', requestId);
    });
  };
}

async function answer(
  server: ApolloServer<GatewayContext>,
  { readViewer, limits }: FrontOptions,
  {
    request,
    response,
    requestId,
  }: { request: IncomingMessage; response: ServerResponse; requestId: string },
): Promise<void> {
  if (isPreflight(request)) {
    response.writeHead(204).end();
    return;
  }
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    sendFault(response, 405, 'BAD_REQUEST', 'POST is expected', requestId);
    return;
  }
  let body: unknown;
  try {
    body = await readJsonBody(request, limits.bodyBytes);
  } catch (error) {
    if (!(error instanceof BodyFault)) throw error;
    sendFault(response, error.status, error.code, error.message, requestId);
    return;
  }
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const deadline = deadlineIn(limits.deadlineMs);
  response.once('close', () => {
    if (!response.writableFinished) deadline.clientGone();
  });
  const result = await server
    .executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body },
      context: async () => ({
        viewer: await asHttpError(readViewer(request.headers, requestId)),
        requestId,
        deadline,
      }),
    })
    .finally(() => deadline.close());
  for (const [name, value] of result.headers) response.setHeader(name, value);
  response.setHeader('cache-control', 'no-store');
  response.writeHead(result.status ?? 200);
  if (result.body.kind === 'complete') {
    response.end(result.body.string);
    return;
  }
  for await (const chunk of result.body.asyncIterator) response.write(chunk);
  response.end();
}

// A token that does not hold is answered with 401, as OAuth clients expect (RFC 6750, RFC 9449).
async function asHttpError<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const http = {
      status: 401,
      headers: new HeaderMap([['www-authenticate', error.challenge]]),
    };
    throw new GraphQLError(error.message, { extensions: { ...error.extensions, http } });
  }
}

function sendFault(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  reference: string,
): void {
  if (response.headersSent) return;
  const body = JSON.stringify({ errors: [{ message, extensions: { code, reference } }] });
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body);
}
