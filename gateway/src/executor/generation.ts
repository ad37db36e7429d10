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
  /** The operation that was taken in hand for this text and name, if it is still kept. */
  known(text: string, operationName: string | undefined): Operation | undefined;
  /** Nobody asks any more. */
  close(): Promise<void>;
}

/** An operation as the server hands it over. */
export interface AskedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly queryHash: string;
  /** The text and the name by which it was asked; from then on it is known by them. */
  readonly source?: string;
  readonly operationName?: string | undefined;
}

const KEPT_OPERATIONS = 2_000;
/** Texts are kept whole, so that finding one costs no digest: 4 MB of them, none longer than 20,000 characters. */
const KNOWN_TEXTS = { of: (text: string) => text.length, most: 4_000_000 };
const LONGEST_KNOWN = 20_000;

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
  const known = new Lru<string, Map<string | undefined, Operation>>(KEPT_OPERATIONS, KNOWN_TEXTS);
  const note = ({ source, operationName }: AskedOperation, operation: Operation): Operation => {
    if (source === undefined || source.length > LONGEST_KNOWN) return operation;
    const names = known.get(source);
    if (names) names.set(operationName, operation);
    else known.set(source, new Map([[operationName, operation]]));
    return operation;
  };
  const reach = openReach(planner.subgraphs);
  return {
    schema,
    sdl,
    reach,
    innerKey: planner.innerKey,
    merge: mergeBy(planner.kinds),
    operation: (asked) => {
      const { document, operation: node, queryHash } = asked;
      const met = byNode.get(node);
      if (met) return note(asked, met);
      const key = `${queryHash}/${node.name?.value ?? ''}`;
      const operation =
        byText.get(key) ?? prepareOperation(document, node, { schema, planner, repairs });
      byText.set(key, operation);
      byNode.set(node, operation);
      return note(asked, operation);
    },
    known: (text, operationName) => known.get(text)?.get(operationName),
    close: async () => {
      await Promise.all([reach.close(), planner.close()]);
    },
  };
}
