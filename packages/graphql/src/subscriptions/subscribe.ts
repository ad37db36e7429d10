import type { Log } from '@7pay/telemetry';
import { sleep } from '@7pay/time';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { badUserInput } from '../errors.ts';
import { maskedErrors, type Prepare, type SubgraphRequest } from '../execute.ts';
import type { Viewer } from '../viewer.ts';
import { type Live, type LiveSource, noteOpening, type Opening } from './live.ts';

/** What a subscription tells: an answer, or only how far it has come. */
export interface SubscriptionItem {
  readonly result?: ExecutionResult;
  /** Where to go on from. */
  readonly cursor?: string;
  /** Something may have been missed before it. */
  readonly gap?: true;
}

/** How a subscription is asked for. */
export interface SubscribeOptions extends Opening {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** After so many milliseconds without an answer it tells how far it has come. */
  readonly heartbeatMs?: number;
}

/** A subscription: one operation, and its answers until it ends. */
export type Subscribe = (
  request: SubgraphRequest,
  viewer: Viewer,
  options: SubscribeOptions,
) => AsyncGenerator<SubscriptionItem, void>;

/** How often a quiet subscription says that it lives, milliseconds. */
export const HEARTBEAT_MS = 15_000;

/**
 * Subscribes on prepared documents. Each event is executed with a context of its own. What is refused, or ends it, is its last
 * answer, which has errors and no data.
 */
export function createSubscriber<Context extends object>(
  schema: GraphQLSchema,
  makeContext: (viewer: Viewer) => Context,
  { prepare, log }: { prepare: Prepare; log: Log },
): Subscribe {
  return async function* (request, viewer, { after, signal, heartbeatMs = HEARTBEAT_MS }) {
    const document = prepare(request);
    if (!('kind' in document)) return yield { result: { errors: document } };
    const asked = {
      schema,
      document,
      variableValues: request.variables ?? {},
      operationName: request.operationName ?? null,
    };
    const masked = (result: ExecutionResult) => maskedErrors(result, viewer.requestId, log);
    if (kindOf(document, asked.operationName) !== OperationTypeNode.SUBSCRIPTION) {
      return yield { result: { errors: [badUserInput('a subscription is expected')] } };
    }
    const contextValue = makeContext(viewer);
    noteOpening(contextValue, { after });
    const opened = await createSourceEventStream({ ...asked, contextValue });
    if (!isLiveSource(opened)) {
      const refused = 'errors' in opened ? opened : { errors: [new GraphQLError('no source')] };
      return yield { result: masked(refused) };
    }
    const close = () => void opened.return();
    signal.addEventListener('abort', close, { once: true });
    try {
      let coming = opened.next();
      coming.catch(() => {}); // it is waited for below, sooner or later
      while (!signal.aborted) {
        const event = await firstOf(coming, heartbeatMs, signal);
        if (event === 'quiet') {
          yield { cursor: opened.cursor };
          continue;
        }
        if (event.done) return;
        const { value }: { value: Live<unknown> } = event;
        const result = await execute({
          ...asked,
          rootValue: value,
          contextValue: makeContext(viewer),
        });
        yield {
          result: masked(result),
          cursor: value.cursor,
          ...(value.gap ? { gap: true as const } : {}),
        };
        coming = opened.next();
        coming.catch(() => {});
      }
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      yield { result: masked({ errors: [asGraphQL(cause)] }) };
    } finally {
      signal.removeEventListener('abort', close);
      await opened.return();
    }
  };
}

const kindOf = (document: DocumentNode, name: string | null) =>
  getOperationAST(document, name)?.operation;

const isLiveSource = (opened: object): opened is LiveSource<unknown> =>
  Symbol.asyncIterator in opened && 'return' in opened && 'cursor' in opened;

async function firstOf<Value>(
  coming: Promise<Value>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Value | 'quiet'> {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  try {
    return await Promise.race([coming, sleep(milliseconds, either).then(() => 'quiet' as const)]);
  } finally {
    stopping.abort();
  }
}

function asGraphQL(cause: Error): GraphQLError {
  if (cause.name !== 'ListenerTooSlow') return new GraphQLError('', { originalError: cause });
  return new GraphQLError(
    '通知が追いつきません。続きから再接続してください。 Too many events wait: come back with the id of the last one.',
    { extensions: { code: 'SUBSCRIPTION_INTERRUPTED' } },
  );
}
