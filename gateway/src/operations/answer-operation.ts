import type { ApolloServer } from '@apollo/server';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import type { FindKnown, KnownOperation, KnownText } from '../executor/known-operation.ts';
import type { Operation } from '../executor/operation.ts';
import type { GatewayContext } from '../gateway.ts';
import { type Cost, compileCost } from '../guards/cost.ts';
import type { Admit, RefuseCostly } from '../guards/cost-limit.ts';
import type { CostTable } from '../guards/cost-table.ts';
import type { CheckVariables } from '../guards/variable-limits.ts';

/** Answers one operation of a caller. `document`: what was read of the text just now, if it was. */
export type AnswerOperation = (
  asked: KnownText & { readonly document?: DocumentNode | undefined },
  context: GatewayContext,
) => Promise<FormattedExecutionResult>;

/** Makes what leaves of an error. */
type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Answers operations: one that was executed before without the server, all others by it. What belongs to a request is done
 * for both in the same order: its cost, what its caller may spend, its variables. What is seen for the first time is refused for
 * its variables or its cost before the server reads it. Source: docs/adr/0022-known-operations.md, 0028-work-that-need-not-be-done.md
 */
export function answerOperation(
  server: ApolloServer<GatewayContext>,
  deps: {
    readonly known: FindKnown;
    readonly costs: () => CostTable;
    readonly checkVariables: CheckVariables;
    readonly admit: Admit;
    /** Refuses what costs too much by a document that was not validated yet. */
    readonly refuseCostly: RefuseCostly;
    readonly format: FormatError;
  },
): AnswerOperation {
  const { known, checkVariables, admit, refuseCostly, format } = deps;
  const costOf = compiledCosts(deps.costs);
  return async (asked, context) => {
    try {
      checkVariables(asked.variables);
      const found = known(asked);
      if (found) {
        const cost = costOf(found)(asked.variables);
        admit(context, { operation: found.operation.node, cost });
        const result = await found.execute(context);
        if (!result.errors) return result as FormattedExecutionResult;
        return { ...result, errors: result.errors.map((error) => formatted(error, format)) };
      }
      if (asked.document) refuseCostly(asked.document, asked);
    } catch (error) {
      return { errors: [formatted(error, format)] };
    }
    return byServer(server, asked, context);
  };
}

/** The cost of each operation is compiled once for a table of costs. */
function compiledCosts(costs: () => CostTable): (known: KnownOperation) => Cost {
  const compiled = new WeakMap<Operation, { readonly table: CostTable; readonly cost: Cost }>();
  return ({ operation, schema }) => {
    const table = costs();
    const kept = compiled.get(operation);
    if (kept?.table === table) return kept.cost;
    const cost = compileCost(operation, { schema, table });
    compiled.set(operation, { table, cost });
    return cost;
  };
}

// As the server does it.
function formatted(error: unknown, format: FormatError): GraphQLFormattedError {
  const told =
    error instanceof GraphQLError
      ? error
      : new GraphQLError(error instanceof Error ? error.message : 'not an error');
  const code = told.extensions['code'] ?? 'INTERNAL_SERVER_ERROR';
  return format({ ...told.toJSON(), extensions: { ...told.extensions, code } }, error);
}

async function byServer(
  server: ApolloServer<GatewayContext>,
  { query, variables, operationName }: KnownText,
  context: GatewayContext,
): Promise<FormattedExecutionResult> {
  const { body } = await server.executeOperation(
    {
      query,
      ...(variables ? { variables } : {}),
      ...(operationName === undefined ? {} : { operationName }),
    },
    { contextValue: context },
  );
  if (body.kind !== 'single') throw new Error('an answer in parts was never asked for');
  return body.singleResult;
}
