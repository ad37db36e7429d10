import { executeSync, type ExecutionResult, type GraphQLSchema, Kind } from 'graphql';
import type { Operation, Variant } from './operation.ts';

/** Answers the fields of an operation that are about the schema itself. Their values come under the client's keys. */
export const introspect = (
  schema: GraphQLSchema,
  { node, fragments }: Operation,
  { shape }: Variant,
  variables: Readonly<Record<string, unknown>>,
): ExecutionResult =>
  executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          ...node,
          directives: [],
          selectionSet: { kind: Kind.SELECTION_SET, selections: shape.introspection },
        },
        ...fragments.values(),
      ],
    },
    variableValues: variables,
  });
