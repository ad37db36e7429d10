import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { GatewayContext } from '../gateway.ts';
import { costOf } from './cost.ts';
import type { CostTable } from './cost-table.ts';

/** Takes the cost of an operation from what its caller may still spend. @throws GraphQLError when there is too little */
export type Spend = (
  context: GatewayContext,
  operation: { readonly kind: 'query' | 'mutation'; readonly cost: number },
) => void;

/**
 * Refuses an operation that costs more than `most` and lets the others be paid for, when it is valid and not yet
 * planned. The costs are those of the supergraph that serves. Refusals: QUERY_TOO_COSTLY with cost and limit, and those of `spend`.
 */
export function costLimit(
  costs: () => CostTable,
  { most, spend }: { most: number; spend: Spend },
): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
        if (!operation) return; // refused by its own rule
        const asked = { document, operation };
        const cost = costOf(
          asked,
          { schema: schema as GraphQLSchema, table: costs() },
          request.variables,
        );
        if (!(cost <= most)) throw tooCostly(cost, most);
        const isMutation = operation.operation === OperationTypeNode.MUTATION;
        spend(contextValue, { kind: isMutation ? 'mutation' : 'query', cost });
      },
    }),
  };
}

const tooCostly = (cost: number, limit: number): GraphQLError =>
  new GraphQLError(`The operation can cost ${cost}; at most ${limit} is allowed.`, {
    extensions: { code: 'QUERY_TOO_COSTLY', cost, limit },
  });
