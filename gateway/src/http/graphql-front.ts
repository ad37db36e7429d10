import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isRequestId, newRequestId, type Log } from '@7pay/telemetry';
import type { FormattedExecutionResult } from 'graphql';
import { NO_ANSWER } from '../reach/reach.ts';
import type { GatewayLimits } from '../config.ts';
import { deadlineIn } from '../reach/deadline.ts';
import type { AnswerOperation } from '../operations/answer-operation.ts';
import type { ResolveOperation } from '../operations/registered-operations.ts';
import { addressOf } from '../rate/address-of.ts';
import { KeysUnreadable } from '../token/issuer-keys.ts';
import { freshLoginChallenge, TokenRefused } from '../token/token-refused.ts';
import {
  answerAsEvents,
  type EventAnswers,
  takesEvents,
} from '../subscriptions/answer-as-events.ts';
import type { ReadViewer } from '../viewer.ts';
import { type DocumentGuard, documentGuard } from '../guards/document-limits.ts';
import { answerStatus } from './answer-status.ts';
import { askedOperation } from './asked-operation.ts';
import { corsHeaders, isForeign, isPreflight } from './cors.ts';
import { type AnswerType, answerType, GRAPHQL_RESPONSE, JSON_TYPE } from './media-type.ts';
import { queryInAddress } from './query-in-address.ts';
import { BodyFault, readJsonBody } from './read-json-body.ts';

interface FrontOptions {
  readonly readViewer: ReadViewer;
  readonly allowedOrigins: readonly string[];
  readonly limits: GatewayLimits;
  readonly proxies?: number;
  readonly resolve: ResolveOperation;
  readonly queriesByGet?: boolean;
  readonly events: EventAnswers;
  readonly log: Log;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly type: AnswerType;
  /** Names and values in turn, as node writes them without looking at them again. */
  readonly headers: string[];
  readonly takesEvents: boolean;
}

/** GraphQL over HTTP: every answer is JSON, faults of the body included. Source: docs/adr/0018-gateway-protection.md */
export function graphqlFront(
  answerOperation: AnswerOperation,
  options: FrontOptions,
): RequestListener {
  const deps = { ...options, guard: documentGuard(options.limits) };
  return (request, response) => {
    const header = request.headers['x-request-id'];
    const given = Array.isArray(header) ? header[0] : header;
    const requestId = isRequestId(given) ? given : newRequestId();
    const headers = ['x-request-id', requestId, 'x-content-type-options', 'nosniff'];
    headers.push('cache-control', 'no-store', ...corsHeaders(request, options.allowedOrigins));
    const asEvents = takesEvents(request.headers.accept);
    const type = answerType(request.headers.accept) ?? (asEvents ? GRAPHQL_RESPONSE : undefined);
    const exchange = {
      request,
      response,
      requestId,
      type: type ?? JSON_TYPE,
      headers,
      takesEvents: asEvents,
    };
    if (isPreflight(request)) {
      response.writeHead(204, headers).end();
      return;
    }
    const refusal = refusalOf(request, type, options);
    if (refusal) {
      sendFault(exchange, refusal);
      return;
    }
    answer(answerOperation, deps, exchange).catch((error: unknown) => {
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
  { allowedOrigins, queriesByGet = false }: FrontOptions,
): Fault | undefined {
  if (request.method !== 'POST' && !(queriesByGet && request.method === 'GET')) {
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
  answerOperation: AnswerOperation,
  {
    readViewer,
    limits,
    proxies = 0,
    resolve,
    guard,
    events,
    log,
  }: FrontOptions & { guard: DocumentGuard },
  exchange: Exchange,
): Promise<void> {
  const { request, response, requestId } = exchange;
  const isGet = request.method === 'GET';
  const asked = askedOperation(
    isGet ? queryInAddress(request.url ?? '') : await readJsonBody(request, limits),
  );
  const deadline = deadlineIn(limits.deadlineMs);
  response.once('close', () => {
    if (!response.writableFinished) deadline.clientGone();
  });
  try {
    const viewer = await readViewer(request.headers, requestId);
    const resolved = resolve(asked, viewer);
    const { fault, document } = 'fault' in resolved ? resolved : guard(resolved.query);
    if (fault || 'fault' in resolved) {
      sendResult(exchange, { errors: fault ? [fault.toJSON()] : [] });
      return;
    }
    const { variables, operationName } = asked;
    const { query } = resolved;
    const context = { viewer, requestId, deadline, address: addressOf(request, proxies) };
    if (!exchange.takesEvents) {
      const operation = { query, document, variables, operationName };
      sendResult(exchange, await answerOperation(operation, context));
      return;
    }
    const { headers } = exchange;
    const what = { asked: { ...asked, ...resolved }, context, request, response, headers };
    const refused = await answerAsEvents(events, what);
    if (refused) sendResult(exchange, refused);
  } catch (error) {
    if (error instanceof KeysUnreadable) {
      log.warn('token.unverified', { reference: requestId, cause: error });
      return sendFault(exchange, { status: 503, code: 'UNAVAILABLE', message: NO_ANSWER });
    }
    if (!(error instanceof TokenRefused)) throw error;
    // A token that does not hold is answered with 401, as OAuth clients expect (RFC 6750, RFC 9449).
    const headers = { 'www-authenticate': error.challenge };
    sendFault(exchange, { status: 401, code: 'UNAUTHENTICATED', message: error.message, headers });
  } finally {
    deadline.close();
  }
}

function sendResult(exchange: Exchange, result: FormattedExecutionResult): void {
  const seconds = result.errors?.[0]?.extensions?.['retryAfterSeconds'];
  if (typeof seconds === 'number') exchange.headers.push('retry-after', String(seconds));
  const maxAge = result.errors?.find(({ extensions }) => extensions?.['maxAge'])?.extensions;
  if (maxAge) {
    exchange.headers.push('www-authenticate', freshLoginChallenge(Number(maxAge['maxAge'])));
  }
  send(exchange, answerStatus(exchange.type, result), result);
}

function sendFault(exchange: Exchange, { status, code, message, headers = {} }: Fault): void {
  const { response, requestId } = exchange;
  if (response.headersSent) return;
  for (const [name, value] of Object.entries(headers)) exchange.headers.push(name, value);
  // The rest of a body that was not read is not waited for.
  if (!response.req.complete) exchange.headers.push('connection', 'close');
  const errors = [{ message, extensions: { code, reference: requestId } }];
  send(exchange, status, { errors } as unknown as FormattedExecutionResult);
}

// Errors first: whoever reads the answer by eye should not miss them.
function send(
  { response, type, headers }: Exchange,
  status: number,
  { errors, data, extensions }: FormattedExecutionResult,
): void {
  const text = JSON.stringify({ errors, data, extensions });
  const length = Buffer.byteLength(text);
  headers.push('content-type', `${type}; charset=utf-8`, 'content-length', String(length));
  // A text of ASCII alone has the same bytes in both, and is written without being looked through.
  response.writeHead(status, headers).end(text, length === text.length ? 'latin1' : 'utf8');
}
