import {
  EVENT_STREAM,
  eventReader,
  type ReceivedEvent,
  type SubscriptionItem,
} from '@7pay/graphql';
import type { ExecutionResult } from 'graphql';
import type { Target } from './exchange.ts';
import { type SubscriptionCall, SubgraphUnavailable } from './reach.ts';

/**
 * Subscribes at a subgraph over HTTP: server-sent events until it says that it is complete. The connection ends with the signal.
 * @throws SubgraphUnavailable when it does not begin, says something else, is silent, or ends without having said so
 */
export async function* subscribeOverHttp(
  { dispatcher, path }: Target,
  call: SubscriptionCall,
  headers: Readonly<Record<string, string>>,
): AsyncGenerator<SubscriptionItem, void> {
  const { subgraph, after, signal } = call;
  const { query, variables, operationName } = call.request;
  try {
    const {
      statusCode,
      headers: answered,
      body,
    } = await dispatcher.request({
      method: 'POST',
      path,
      headers: {
        'content-type': 'application/json',
        accept: EVENT_STREAM,
        ...(after === undefined ? {} : { 'last-event-id': after }),
        ...headers,
      },
      body: JSON.stringify({ query, variables, operationName }),
      signal,
    });
    // A body that is given up tells so by an event as well; without a listener that would end the process.
    body.on('error', () => {});
    if (statusCode !== 200 || answered['content-type'] !== EVENT_STREAM) {
      body.destroy();
      throw new SubgraphUnavailable(`status ${statusCode} without a stream`);
    }
    call.onTaken?.();
    const read = eventReader();
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      for (const received of read(piece)) {
        if (received.event === 'complete') return;
        yield itemOf(received);
      }
    }
  } catch (cause) {
    if (signal.aborted) return;
    if (cause instanceof SubgraphUnavailable) throw cause;
    throw new SubgraphUnavailable(`the subscription at ${subgraph} broke`, { cause });
  }
  if (!signal.aborted) throw new SubgraphUnavailable(`the subscription at ${subgraph} ended early`);
}

function itemOf({ event, data, id }: ReceivedEvent): SubscriptionItem {
  const cursor = id === undefined || id === '' ? {} : { cursor: id };
  if (data === undefined) return cursor;
  const result = JSON.parse(data) as ExecutionResult;
  if (typeof result !== 'object' || result === null) throw new Error('an event without a result');
  return { result, ...cursor, ...(event === 'gap' ? { gap: true as const } : {}) };
}
