import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { ExecutorName } from '../config.ts';
import type { GatewayContext } from '../gateway.ts';
import { costOf } from '../guards/cost.ts';
import type { CostTable } from '../guards/cost-table.ts';

/**
 * Refuses a subscription that cannot be answered: not asked for as events, or planned by nobody. Notes what one event of the
 * others costs. Refusal: BAD_REQUEST
 */
export const onlyAsEvents = (
  executor: ExecutorName,
  costs: () => CostTable,
): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue, document, schema, request }) => {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      if (executor === 'stock')
        throw refused('this gateway executes plans that have no subscriptions');
      const { subscription } = contextValue;
      if (!subscription) throw refused('a subscription is answered to accept: text/event-stream');
      const asked = { document, operation };
      const graph = { schema: schema as GraphQLSchema, table: costs() };
      subscription.cost = costOf(asked, graph, request.variables);
    },
  }),
});

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
