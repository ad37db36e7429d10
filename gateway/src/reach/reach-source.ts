import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { type DocumentNode, GraphQLError } from 'graphql';
import { errorsIn, type SubgraphError } from '../executor/placed-errors.ts';
import type { GatewayContext } from '../gateway.ts';
import { deadlineIn, withoutClient } from './deadline.ts';
import { NO_ANSWER, type Reach, SubgraphUnavailable } from './reach.ts';

type GatewayGraphQLResponse = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Plugs a {@link Reach} into the gateway's executor, for one subgraph. */
export function reachSource(subgraph: string, reach: Reach): GraphQLDataSource<GatewayContext> {
  return {
    process: async (options): Promise<GatewayGraphQLResponse> => {
      const { request, context } = options as GraphQLDataSourceProcessOptions<GatewayContext>;
      if (!context.viewer) return { data: {} }; // the executor's own health look at load time
      try {
        const query = request.query ?? '';
        const { data, errors } = await reach.call({
          subgraph,
          kind: kindOf(query),
          request: {
            query,
            variables: request.variables,
            operationName: request.operationName,
            document: documentOf(options),
          },
          viewer: context.viewer,
          // Apollo’s executor does not stop when the client goes, and a mutation may be on its way.
          deadline: withoutClient(context.deadline ?? deadlineIn(1_000)),
        });
        return {
          ...(data === undefined ? {} : { data }),
          ...(errors ? { errors: errorsIn({ errors }).map((error) => plain(error)) } : {}),
        } as unknown as GatewayGraphQLResponse;
      } catch (error) {
        if (!(error instanceof SubgraphUnavailable)) throw error;
        throw new GraphQLError(NO_ANSWER, {
          originalError: error,
          extensions: { code: 'UNAVAILABLE', reference: context.requestId },
        });
      }
    },
  };
}

// Data and errors are merged as plain objects: an Error instance would lose its extensions on the way.
const plain = (error: SubgraphError) => ({
  message: error.message,
  ...(error.path ? { path: error.path } : {}),
  extensions: error.extensions,
});

// The planner writes the kind first, or nothing for a query.
const kindOf = (query: string): 'query' | 'mutation' =>
  query.startsWith('mutation') ? 'mutation' : 'query';

const documentOf = (options: unknown) => (options as { document?: DocumentNode }).document;
