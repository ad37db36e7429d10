import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { isRequestId, newRequestId, type Log } from '@7pay/telemetry';
import type { FormattedExecutionResult } from 'graphql';
import type { GatewayLimits } from '../config.ts';
import type { GatewayContext } from '../gateway.ts';
import { deadlineIn } from '../reach/deadline.ts';
import type { ResolveOperation } from '../operations/registered-operations.ts';
import { addressOf } from '../rate/address-of.ts';
import { TokenRefused } from '../token/token-refused.ts';
import {
  answerAsEvents,
  type EventAnswers,
  takesEvents,
} from '../subscriptions/answer-as-events.ts';
import type { ReadViewer } from '../viewer.ts';
import { type DocumentGuard, documentGuard } from '../guards/document-limits.ts';
import { answerStatus } from './answer-status.ts';
import { type AskedOperation, askedOperation } from './asked-operation.ts';
import { corsHeaders, isForeign, isPreflight } from './cors.ts';
import { type AnswerType, answerType, GRAPHQL_RESPONSE, JSON_TYPE } from './media-type.ts';
import { BodyFault, readJsonBody } from './read-json-body.ts';

interface FrontOptions {
  readonly readViewer: ReadViewer;
  readonly allowedOrigins: readonly string[];
  readonly limits: GatewayLimits;
  readonly proxies?: number;
  readonly resolve: ResolveOperation;
  readonly events: EventAnswers;
  readonly log: Log;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly type: AnswerType;
  readonly takesEvents: boolean;
}

/** GraphQL over HTTP: every answer is JSON, faults of the body included. Source: docs/adr/0018-gateway-protection.md */
export function graphqlFront(
  server: ApolloServer<GatewayContext>,
  options: FrontOptions,
): RequestListener {
  const guard = documentGuard(options.limits);
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
    const asEvents = takesEvents(request.headers.accept);
    const type = answerType(request.headers.accept) ?? (asEvents ? GRAPHQL_RESPONSE : undefined);
    const exchange = {
      request,
      response,
      requestId,
      type: type ?? JSON_TYPE,
      takesEvents: asEvents,
    };
    if (isPreflight(request)) {
      response.writeHead(204).end();
      return;
    }
    const refusal = refusalOf(request, type, options);
    if (refusal) {
      sendFault(exchange, refusal);
      return;
    }
    answer(server, { ...options, guard }, exchange).catch((error: unknown) => {
      if (error instanceof BodyFault) return sendFault(exchange, error);
      if (request.destroyed && !request.complete) return; // it went while it was still sending
      options.log.error('front.failed', { reference: requestId, cause: error });
      sendFault(exchange, { status: 500, code: 'INTERNAL', message: 'internal error' });
    });
  };
}

interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What can be refused before the body is read. */
function refusalOf(
  request: IncomingMessage,
  type: AnswerType | undefined,
  { allowedOrigins }: FrontOptions,
): Fault | undefined {
  if (request.method !== 'POST') {
    const message = 'POST is expected';
    return { status: 405, code: 'BAD_REQUEST', message, headers: { allow: 'POST' } };
  }
  if (isForeign(request, allowedOrigins)) {
    return { status: 403, code: 'FORBIDDEN', message: 'this origin may not ask' };
  }
  if (type) return undefined;
  const message = 'accept: application/graphql-response+json or application/json is expected';
  return { status: 406, code: 'BAD_REQUEST', message };
}

async function answer(
  server: ApolloServer<GatewayContext>,
  {
    readViewer,
    limits,
    proxies = 0,
    resolve,
    guard,
    events,
  }: FrontOptions & { guard: DocumentGuard },
  exchange: Exchange,
): Promise<void> {
  const { request, response, requestId } = exchange;
  const asked = askedOperation(await readJsonBody(request, limits.bodyBytes));
  const deadline = deadlineIn(limits.deadlineMs);
  response.once('close', () => {
    if (!response.writableFinished) deadline.clientGone();
  });
  try {
    const viewer = await readViewer(request.headers, requestId);
    const resolved = resolve(asked, viewer);
    const fault = 'fault' in resolved ? resolved.fault : guard(resolved.query);
    if (fault || 'fault' in resolved) {
      sendResult(exchange, { errors: fault ? [fault.toJSON()] : [] });
      return;
    }
    const address = addressOf(request, proxies);
    const what = {
      asked: { ...asked, ...resolved },
      context: { viewer, requestId, deadline, address },
    };
    if (!exchange.takesEvents) return await execute(server, what, exchange);
    const refused = await answerAsEvents(server, events, { ...what, request, response });
    if (refused) sendResult(exchange, refused);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    // A token that does not hold is answered with 401, as OAuth clients expect (RFC 6750, RFC 9449).
    const headers = { 'www-authenticate': error.challenge };
    sendFault(exchange, { status: 401, code: 'UNAUTHENTICATED', message: error.message, headers });
  } finally {
    deadline.close();
  }
}

async function execute(
  server: ApolloServer<GatewayContext>,
  { asked, context }: { asked: AskedOperation; context: GatewayContext },
  exchange: Exchange,
): Promise<void> {
  const { response } = exchange;
  const { query, variables, operationName } = asked;
  const { body, http } = await server.executeOperation(
    {
      ...(query === undefined ? {} : { query }),
      ...(variables ? { variables } : {}),
      ...(operationName === undefined ? {} : { operationName }),
    },
    { contextValue: context },
  );
  if (body.kind !== 'single') throw new Error('an answer in parts was never asked for');
  for (const [name, value] of http.headers) response.setHeader(name, value);
  response.setHeader('cache-control', 'no-store');
  sendResult(exchange, body.singleResult);
}

function sendResult({ response, type }: Exchange, result: FormattedExecutionResult): void {
  const seconds = result.errors?.[0]?.extensions?.['retryAfterSeconds'];
  if (typeof seconds === 'number') response.setHeader('retry-after', String(seconds));
  send(response, { status: answerStatus(type, result), type }, result);
}

function sendFault(
  { response, requestId, type }: Exchange,
  { status, code, message, headers = {} }: Fault,
): void {
  if (response.headersSent) return;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // The rest of a body that was not read is not waited for.
  if (!response.req.complete) response.setHeader('connection', 'close');
  const errors = [{ message, extensions: { code, reference: requestId } }];
  send(response, { status, type }, { errors } as unknown as FormattedExecutionResult);
}

// Errors first: whoever reads the answer by eye should not miss them.
function send(
  response: ServerResponse,
  { status, type }: { status: number; type: AnswerType },
  { errors, data, extensions }: FormattedExecutionResult,
): void {
  const text = JSON.stringify({ errors, data, extensions });
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}
