import type { SubgraphRequest } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import type { ExecutionResult } from 'graphql';
import { answerTo, type PreparedRequest } from '../executor/answer.ts';
import { type Asking, askFor } from '../executor/ask.ts';
import type { SubscriptionStep } from '../executor/steps.ts';

/** A subscription that was validated, paid for and planned. It stays in the generation that planned it. */
export interface PreparedSubscription {
  readonly subgraph: string;
  /** What the subgraph that owns the source is asked. */
  readonly request: SubgraphRequest;
  /** The answer to an event: what the source told, and the rest of the plan for it. */
  answer(event: ExecutionResult, asking: Asking): Promise<ExecutionResult>;
}

/** What is learnt of a subscription on its way through the server. */
export interface SubscriptionSlot {
  prepared?: PreparedSubscription;
  /** What one event costs its caller. */
  cost?: number;
}

/** Makes a subscription of a plan. */
export function prepareSubscription(
  planned: Omit<PreparedRequest, 'ask' | 'event'>,
  { source }: SubscriptionStep,
  log: Log,
): PreparedSubscription {
  const { generation, variables } = planned;
  const known = source.variables.filter((name) => Object.hasOwn(variables, name));
  return {
    subgraph: source.subgraph,
    request: {
      query: source.query,
      operationName: source.operationName,
      variables: Object.fromEntries(known.map((name) => [name, variables[name]])),
    },
    answer: (event, asking) =>
      answerTo({ ...planned, ask: askFor(generation.reach, asking, log), event }),
  };
}
