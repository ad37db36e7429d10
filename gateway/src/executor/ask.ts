import type { Viewer } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Deadline } from '../reach/deadline.ts';
import { type Reach, type SubgraphCall, SubgraphUnavailable } from '../reach/reach.ts';
import type { Batch } from './batch.ts';
import type { JsonObject } from './own-keys.ts';
import type { Ask } from './run.ts';
import type { PreparedFetch } from './steps.ts';

/** On whose behalf subgraphs are asked. */
export interface Asking {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly deadline: Deadline;
}

/** Asks subgraphs on behalf of one request. What went wrong is logged; the caller is told a code and a reference. */
export const askFor =
  (reach: Reach, { viewer, requestId, deadline }: Asking, log: Log): Ask =>
  (fetch, variables, batch) =>
    reach.call(callOf(fetch, { variables, batch, viewer, deadline })).catch((error: unknown) => {
      const code = error instanceof SubgraphUnavailable ? 'UNAVAILABLE' : 'INTERNAL';
      const facts = { subgraph: fetch.subgraph, code, reference: requestId, cause: error };
      log.warn('subgraph.unanswered', facts);
      return failed(code, requestId);
    });

interface CallParts {
  readonly variables: JsonObject;
  readonly batch: Batch | undefined;
  readonly viewer: Viewer;
  readonly deadline: Deadline;
}

function callOf(
  fetch: PreparedFetch,
  { variables, batch, viewer, deadline }: CallParts,
): SubgraphCall {
  const { subgraph, query, operationName, kind, bodyHead } = fetch;
  return {
    subgraph,
    kind,
    request: {
      query,
      operationName,
      variables: batch ? { ...variables, representations: batch.representations } : variables,
    },
    body: () => `${bodyHead}${variablesText(variables, batch)}}`,
    viewer,
    deadline,
  };
}

// The representations are JSON text already, from being compared.
function variablesText(variables: JsonObject, batch: Batch | undefined): string {
  const text = JSON.stringify(variables);
  if (!batch) return text;
  const others = text === '{}' ? '{' : `${text.slice(0, -1)},`;
  return `${others}"representations":[${batch.json}]}`;
}

const failed = (code: string, reference: string): ExecutionResult => ({
  errors: [
    new GraphQLError('ただいま応答できません。 No answer came in time.', {
      extensions: { code, reference },
    }),
  ],
});
