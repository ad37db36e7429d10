import type { Viewer } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { GraphQLError } from 'graphql';
import type { Deadline } from '../reach/deadline.ts';
import { NO_ANSWER, type Reach, type SubgraphCall, SubgraphUnavailable } from '../reach/reach.ts';
import type { Batch } from './batch.ts';
import type { JsonObject } from './own-keys.ts';
import type { Answer, Ask } from './run.ts';
import type { PreparedCall } from './steps.ts';

/** On whose behalf subgraphs are asked. */
export interface Asking {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly deadline: Deadline;
}

/** Asks subgraphs on behalf of one request. What went wrong is logged; the caller is told a code and a reference. */
export const askFor =
  (reach: Reach, { viewer, requestId, deadline }: Asking, log: Log): Ask =>
  (call, variables, batches) =>
    reach.call(callOf(call, { variables, batches, viewer, deadline })).catch((error: unknown) => {
      const code = error instanceof SubgraphUnavailable ? 'UNAVAILABLE' : 'INTERNAL';
      const facts = { subgraph: call.subgraph, code, reference: requestId, cause: error };
      log.warn('subgraph.unanswered', facts);
      return { isUnanswered: true, errors: [noAnswer(code, requestId)] } satisfies Answer;
    });

interface CallParts {
  readonly variables: JsonObject;
  readonly batches: readonly Batch[];
  readonly viewer: Viewer;
  readonly deadline: Deadline;
}

function callOf(
  { subgraph, query, operationName, kind, bodyHead, lists }: PreparedCall,
  { variables, batches, viewer, deadline }: CallParts,
): SubgraphCall {
  const representations = () =>
    batches.map((batch, index) => [lists[index] ?? '', batch.representations] as const);
  return {
    subgraph,
    kind,
    request: {
      query,
      operationName,
      variables:
        batches.length > 0 ? { ...variables, ...Object.fromEntries(representations()) } : variables,
    },
    body: () => `${bodyHead}${variablesText(variables, lists, batches)}}`,
    viewer,
    deadline,
  };
}

// The representations are JSON text already, from being compared.
function variablesText(
  variables: JsonObject,
  lists: readonly string[],
  batches: readonly Batch[],
): string {
  const text = JSON.stringify(variables);
  if (batches.length === 0) return text;
  const others = text === '{}' ? '' : `,${text.slice(1, -1)}`;
  const ours = batches.map(({ json }, index) => `"${lists[index]}":[${json}]`);
  return `{${ours.join(',')}${others}}`;
}

/** What a caller is told in place of an answer. */
export const noAnswer = (code: 'UNAVAILABLE' | 'INTERNAL', reference: string): GraphQLError =>
  new GraphQLError(NO_ANSWER, {
    extensions: { code, reference },
  });
