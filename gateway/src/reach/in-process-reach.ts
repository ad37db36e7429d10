import type { Subgraph } from '@7pay/graphql';
import type { ExecutionResult } from 'graphql';
import { type Reach, SubgraphUnavailable, tooLateToAsk } from './reach.ts';

/**
 * Reaches subgraphs of the same process by function call: no HTTP, no token, the same viewer object. A subgraph
 * parses and validates each text once.
 */
export function inProcessReach(subgraphs: readonly Subgraph[]): Reach {
  const byName = new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph]));
  return {
    call: async ({ subgraph: name, request, viewer, deadline }): Promise<ExecutionResult> => {
      const subgraph = byName.get(name);
      if (!subgraph) throw new SubgraphUnavailable(`no subgraph ${name} in this process`);
      const { ending } = deadline;
      if (ending) throw tooLateToAsk(name, ending);
      const answer = Promise.withResolvers<ExecutionResult>();
      const forget = deadline.onEnding((why) =>
        answer.reject(new SubgraphUnavailable(`${name} did not answer in time: ${why}`)),
      );
      subgraph.execute(request, viewer).then(answer.resolve, answer.reject);
      try {
        return await answer.promise;
      } finally {
        forget();
      }
    },
    subscribe: ({ subgraph: name, request, viewer, after, signal }) => {
      const subscribe = byName.get(name)?.subscribe;
      if (!subscribe) throw new SubgraphUnavailable(`no subscriptions of ${name} in this process`);
      return subscribe(request, viewer, { after, signal });
    },
    close: async () => {},
  };
}
