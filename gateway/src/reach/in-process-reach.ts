import type { Subgraph } from '@7pay/graphql';
import type { ExecutionResult } from 'graphql';
import { type Reach, SubgraphUnavailable } from './reach.ts';

/** Reaches subgraphs of the same process by function call: no HTTP, no token, the same viewer object. */
export function inProcessReach(subgraphs: readonly Subgraph[]): Reach {
  const byName = new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph]));
  return {
    call: async ({ subgraph: name, request, viewer, deadline }): Promise<ExecutionResult> => {
      const subgraph = byName.get(name);
      if (!subgraph) throw new SubgraphUnavailable(`no subgraph ${name} in this process`);
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => late.reject(new SubgraphUnavailable(`${name} did not answer in time`)),
        deadline.left(),
      );
      try {
        return await Promise.race([subgraph.execute(request, viewer), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => {},
  };
}
