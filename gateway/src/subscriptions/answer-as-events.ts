import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { EVENT_STREAM } from '@7pay/graphql';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import type { GatewayContext } from '../gateway.ts';
import type { Spend } from '../guards/cost-limit.ts';
import type { AskedOperation } from '../http/asked-operation.ts';
import { NO_ANSWER, SubgraphUnavailable } from '../reach/reach.ts';
import { eventSink } from './event-sink.ts';
import type { SubscriptionSlot } from './prepare-subscription.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Whether the client takes server-sent events. */
export const takesEvents = (accept: string | undefined): boolean =>
  (accept ?? '')
    .split(',')
    .some((range) => range.split(';')[0]?.trim().toLowerCase() === EVENT_STREAM);

/** What answers as events, beside the server that validates and plans. */
export interface EventAnswers {
  readonly server: ApolloServer<GatewayContext>;
  readonly subscriptions: Subscriptions;
  /** Takes the cost of each event from what its caller may spend. */
  readonly spend: Spend;
}

interface AskedAsEvents {
  readonly asked: AskedOperation;
  readonly context: GatewayContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Of the answer, names and values in turn. */
  readonly headers: readonly string[];
}

/**
 * Answers as server-sent events: a subscription with all of its events, anything else with one `next` and `complete`. What is
 * refused before it begins is given back, to be answered as any other refusal.
 */
export async function answerAsEvents(
  { server, subscriptions, spend }: EventAnswers,
  { asked, context, request, response, headers: answerHeaders }: AskedAsEvents,
): Promise<FormattedExecutionResult | undefined> {
  const { query, variables, operationName } = asked;
  const slot: SubscriptionSlot = {};
  const { moves } = subscriptions;
  const { body } = await server.executeOperation(
    {
      ...(query === undefined ? {} : { query }),
      ...(variables ? { variables } : {}),
      ...(operationName === undefined ? {} : { operationName }),
    },
    { contextValue: { ...context, subscription: slot } },
  );
  if (body.kind !== 'single') throw new Error('an answer in parts was never asked for');
  const { singleResult } = body;
  const { prepared, cost = 1 } = slot;
  if (!prepared) {
    // Whoever takes JSON as well is answered in JSON, and with the status of a refusal.
    const isOnlyEvents = !/json|\*\/\*|application\/\*/i.test(request.headers.accept ?? '');
    if (!isOnlyEvents || singleResult.data === undefined) return singleResult;
    setHeaders(response, answerHeaders);
    const sink = eventSink(response, {
      unreadBytes: Infinity,
      elapsedMs: () => 0,
      onDropped: () => {},
    });
    sink.next(singleResult, undefined);
    sink.complete('DONE');
    return undefined;
  }
  try {
    setHeaders(response, answerHeaders);
    const pay = () => spend(context, { kind: 'query', cost });
    const { headers } = request;
    subscriptions.begin({ prepared, asked, context, headers, response, pay, moves });
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error.toJSON()] };
    if (error instanceof SubgraphUnavailable) return { errors: [stopping(context.requestId)] };
    throw error;
  }
}

function setHeaders(response: ServerResponse, headers: readonly string[]): void {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    response.setHeader(headers[at]!, headers[at + 1]!);
  }
}

const stopping = (reference: string) => ({
  message: NO_ANSWER,
  extensions: { code: 'UNAVAILABLE', reference },
});
