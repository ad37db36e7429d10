import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { GatewayContext } from '../gateway.ts';
import { costOf, type Priced } from './cost.ts';
import type { CostTable } from './cost-table.ts';

/** Takes the cost of an operation from what its caller may still spend. @throws GraphQLError when there is too little */
export type Spend = (
  context: GatewayContext,
  operation: { readonly kind: 'query' | 'mutation'; readonly cost: number },
) => void;

/** Lets an operation in that its caller can pay for. Refusals: QUERY_TOO_COSTLY with cost and limit, and those of `spend`. */
export type Admit = (
  context: GatewayContext,
  asked: { readonly operation: OperationDefinitionNode; readonly cost: number },
) => void;

/** Refuses an operation of a document that was read and not yet validated, by its cost alone: QUERY_TOO_COSTLY. */
export type RefuseCostly = (
  document: DocumentNode,
  asked: {
    readonly operationName?: string | undefined;
    readonly variables?: Readonly<Record<string, unknown>> | undefined;
  },
) => void;

/**
 * Refuses by cost before anything is validated, which takes longer. The document has to be of a limited number of fields, and
 * without fragments that use themselves. What it asks for and nobody has costs nothing here; the validation refuses it.
 */
export const costRefusal =
  (most: number, priced: () => Priced | undefined): RefuseCostly =>
  (document, { operationName, variables }) => {
    const operation = getOperationAST(document, operationName);
    const prices = priced();
    if (!operation || !prices) return;
    const cost = costOf({ document, operation }, prices, variables);
    if (!(cost <= most)) throw tooCostly(cost, most);
  };

/** Refuses what costs more than `most` and lets the others be paid for. */
export const admission =
  ({ most, spend }: { most: number; spend: Spend }): Admit =>
  (context, { operation, cost }) => {
    if (!(cost <= most)) throw tooCostly(cost, most);
    const isMutation = operation.operation === OperationTypeNode.MUTATION;
    spend(context, { kind: isMutation ? 'mutation' : 'query', cost });
  };

/** Admits an operation when it is valid and not yet planned. The costs are those of the supergraph that serves. */
export const costLimit = (
  costs: () => CostTable,
  admit: Admit,
): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
      if (!operation) return; // refused by its own rule
      const priced = { schema: schema as GraphQLSchema, table: costs() };
      const cost = costOf({ document, operation }, priced, request.variables);
      admit(contextValue, { operation, cost });
    },
  }),
});

const tooCostly = (cost: number, limit: number): GraphQLError =>
  new GraphQLError(`The operation can cost ${cost}; at most ${limit} is allowed.`, {
    extensions: { code: 'QUERY_TOO_COSTLY', cost, limit },
  });
