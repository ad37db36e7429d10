import type { ExecutionResult } from 'graphql';
import type { Dispatcher } from 'undici';
import { NothingReceived, type SubgraphCall } from './reach.ts';

const LARGEST_ANSWER = 10_000_000;

/** Where a subgraph is reached. */
export interface Target {
  readonly dispatcher: Dispatcher;
  readonly path: string;
}

/**
 * Sends a call and reads its answer. A query ends with the deadline or when the client goes, and so does its
 * connection. A mutation is waited for no longer than the deadline, but it is left to its subgraph.
 */
export function exchange(
  { dispatcher, path }: Target,
  call: SubgraphCall,
  headers: Readonly<Record<string, string>>,
): Promise<ExecutionResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ExecutionResult>();
  let controller: Dispatcher.DispatchController | undefined;
  const forget = call.deadline.onEnding((why) => {
    const reason = new Error(`no answer in time: ${why}`);
    if (call.kind === 'query') controller?.abort(reason);
    reject(reason);
  });
  const answer = collect({
    started: (given) => {
      controller = given;
      // In the queue for a connection it was not sent yet: now it need not be.
      if (call.deadline.ending) given.abort(new Error(`not sent: ${call.deadline.ending}`));
    },
    done: (value) => {
      forget();
      if (value instanceof Error) reject(value);
      else resolve(value);
    },
  });
  dispatcher.dispatch(
    {
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: bodyOf(call),
    },
    answer,
  );
  return promise;
}

function bodyOf({ body, request: { query, variables, operationName } }: SubgraphCall): string {
  return body ? body() : JSON.stringify({ query, variables, operationName });
}

/** Collects an answer. `done` is told once: the answer, or why there is none. */
function collect(options: {
  started: (controller: Dispatcher.DispatchController) => void;
  done: (answer: ExecutionResult | Error) => void;
}): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let isJson = false;
  return {
    onRequestStart: (controller) => options.started(controller),
    onResponseStart: (_controller, statusCode, headers) => {
      status = statusCode;
      isJson = /\bjson\b/.test(String(headers['content-type']));
    },
    onResponseData: (controller, chunk) => {
      size += chunk.length;
      if (size > LARGEST_ANSWER) controller.abort(new Error('the answer is too long'));
      else chunks.push(chunk);
    },
    onResponseEnd: () => {
      const answer = isJson ? readAnswer(Buffer.concat(chunks).toString(), status) : undefined;
      options.done(answer ?? new Error(`status ${status} without a GraphQL answer`));
    },
    onResponseError: (_controller, cause) =>
      options.done(status === 0 ? new NothingReceived('nothing came', { cause }) : cause),
  };
}

/**
 * A body with `data` comes from an execution, whatever its status. One with errors alone does so only under a status
 * of success: a 401 is about our own token, and no business of the caller.
 */
function readAnswer(text: string, status: number): ExecutionResult | undefined {
  const answer = parsed(text);
  if (typeof answer !== 'object' || answer === null) return undefined;
  const isSuccess = status >= 200 && status < 300;
  const isAnswer =
    Object.hasOwn(answer, 'data') ||
    (isSuccess && 'errors' in answer && Array.isArray(answer.errors));
  return isAnswer ? (answer as ExecutionResult) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
