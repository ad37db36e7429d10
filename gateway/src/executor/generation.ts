import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Reach } from '../reach/reach.ts';
import type { InnerKey } from './inner-keys.ts';
import { type Merge, mergeBy } from './merge.ts';
import { Lru } from './lru.ts';
import { type Operation, prepareOperation } from './operation.ts';
import { openPlanner, type Planner } from './planner.ts';
import type { Repairs } from './repairs.ts';

/** Opens the way to the subgraphs that a supergraph names. */
export type OpenReach = (
  subgraphs: readonly { readonly name: string; readonly url: string }[],
) => Reach;

/** Everything that belongs to one supergraph. A request stays in the generation whose schema validated it. */
export interface Generation {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
  readonly reach: Reach;
  readonly innerKey: InnerKey;
  readonly merge: Merge;
  /** @throws UnsupportedOperation */
  operation(asked: AskedOperation): Operation;
  /** Nobody asks any more. */
  close(): Promise<void>;
}

/** An operation as the server hands it over. */
export interface AskedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly queryHash: string;
}

const KEPT_OPERATIONS = 2_000;

/**
 * Builds a generation. Without a planner given, it plans in this thread.
 * @throws UnsupportedSupergraph, or an error of the supergraph itself
 */
export function openGeneration(
  { schema, sdl }: { readonly schema: GraphQLSchema; readonly sdl: string },
  {
    openReach,
    repairs,
    planner = openPlanner(sdl, repairs),
  }: { readonly openReach: OpenReach; readonly repairs: Repairs; readonly planner?: Planner },
): Generation {
  const byNode = new WeakMap<OperationDefinitionNode, Operation>();
  const byText = new Lru<string, Operation>(KEPT_OPERATIONS);
  const reach = openReach(planner.subgraphs);
  return {
    schema,
    sdl,
    reach,
    innerKey: planner.innerKey,
    merge: mergeBy(planner.kinds),
    operation: ({ document, operation: node, queryHash }) => {
      const met = byNode.get(node);
      if (met) return met;
      const key = `${queryHash}/${node.name?.value ?? ''}`;
      const known = byText.get(key);
      const operation = known ?? prepareOperation(document, node, { schema, planner, repairs });
      if (!known) byText.set(key, operation);
      byNode.set(node, operation);
      return operation;
    },
    close: async () => {
      await Promise.all([reach.close(), planner.close()]);
    },
  };
}
